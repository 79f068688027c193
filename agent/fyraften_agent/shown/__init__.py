"""What the employee is shown of their days, in words, for every view alike."""
