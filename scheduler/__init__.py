"""The heartbeat. It decides nothing and remembers nothing: what is due stands in rows."""
