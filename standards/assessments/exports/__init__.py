"""An assessment as a file: one content, five formats, each with everything in it."""
