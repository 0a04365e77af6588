"""What happened, who is told, and the work that must happen: append-only events, notices, durable jobs."""
