//! Tests of consolidation on a database.
