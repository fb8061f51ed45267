//! What every overlay holds to.
