"""What people read: one message, list or sentence per file. Handoff in, blocks or text out; pure."""
