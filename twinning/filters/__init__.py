"""Filters of the lists, one file a noun; `base`, `programmes`, `units` and `twins` are what the others are made of."""
