"""What a handoff is. Pure: the standard library and pydantic only; no clock, no I/O, no Slack words."""
