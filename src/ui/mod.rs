//! State to screen.

pub mod widgets;
