"""What a user would write instead of Baton, as the manuals of Bolt and APScheduler show it. Measured beside it."""
