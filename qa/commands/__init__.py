"""The commands, by what they are about. Flags in, one call, one render."""
