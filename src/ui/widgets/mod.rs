//! Small widgets over plain data: numbers, words and styles in, cells out.
//!
//! None of them knows the program's state or its theme, none writes outside its area, and all draw something
//! sensible, if only nothing, in an area of no or one cell.

mod bar;
mod bar_column;
mod fit;
mod gauge_cells;
mod line_chart;
mod panel;
mod picture;
mod popup;
mod ruler;
mod slider;
mod sparkline;

pub use bar::{Bar, MirroredBar, bar_text, scale_head};
pub use bar_column::bar_column;
pub use fit::{elide, elide_line};
pub use gauge_cells::CellGauge;
pub use line_chart::LineChart;
pub use panel::{Panel, Shorter};
pub use picture::Picture;
pub use popup::{Popup, centred};
pub use ruler::{Ruler, RulerStyles, Segment};
pub use slider::{Slider, SliderStyles, column_of, fraction_at};
pub use sparkline::Sparkline;

#[cfg(test)]
mod tests;
