//! The figures of a plan, computed from what was accepted or published: the one place where consolidation and progress
//! get them, so that both always say the same.
