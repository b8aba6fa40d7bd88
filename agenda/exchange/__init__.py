"""The programme in other tools' formats: one file per format, each a reader, a writer, or both."""
