"""The screens and dialogs of the desk, one file each."""
