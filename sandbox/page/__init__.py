"""The page of the local Slack: what a person sees and presses."""
