//! What Fhir sends, what it may send, and what it must be answered.

mod conformance;
