//! The one place where the effects of a run are carried out.
