"""The Slack side and the shell around it."""
