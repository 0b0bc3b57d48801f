"""One file a step; a released one is never changed."""
