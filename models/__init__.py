"""What Gensvar knows and how it judges it; imports neither the listener nor the screen."""
