//! What the whole program promises, tested on every screen: the numbers of a frame are of one step and agree, and a key
//! that is named does what is said of it. That what is larger than the screen scrolls to its end is tested with the
//! overlays.

mod facts;
mod hints;
mod numbers;
