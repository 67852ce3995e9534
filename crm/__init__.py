"""From a CRM to our events, and back: one file per system."""
