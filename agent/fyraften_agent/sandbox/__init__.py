"""What the kernel refuses to the processes that run unwatched."""
