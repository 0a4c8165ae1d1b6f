"""The plan's files at the desk: forms for their values, and for what their lists hold. Topics."""
