"""What staff see: the command line and, on top of it, the desk."""
