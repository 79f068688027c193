"""What leaves the laptop: reports, the outbox, the way to a service, receipts and the mirror."""
