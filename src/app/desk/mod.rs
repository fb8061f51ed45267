//! What all screens share: the path and the step on view, the engines, the settings in hand, the prompt, the look of the
//! program, and what is asked of the world. A screen's room is handed the desk; it never sees another room.

mod chrome;
mod engines;
mod hand;
mod prompting;
mod walk;

pub(crate) use chrome::Chrome;
pub use engines::ModelState;
pub(crate) use engines::{Engines, Pending};
pub(crate) use hand::Hand;
pub use hand::Typing;
pub(crate) use prompting::Prompting;
pub(crate) use walk::Walk;

use super::{Hit, Overlay, PanelId, Play, Screen};
use crate::settings::Settings;

/// What all screens share.
pub struct Desk {
    /// The path, and the step of it that is on view.
    pub(crate) walk: Walk,
    /// The model, and what it is asked.
    pub(crate) engines: Engines,
    /// The sampling settings, and the slider in hand.
    pub(crate) hand: Hand,
    /// The prompt, and those before it.
    pub(crate) prompt: Prompting,
    /// What the program looks like, and its keys.
    pub(crate) chrome: Chrome,
    /// Playing.
    pub(crate) play: Play,
    /// The screen that is shown.
    pub(crate) screen: Screen,
    /// The panel with the focus.
    pub(crate) focus: PanelId,
    /// The panel in the place that small screens share.
    pub(crate) small_panel: PanelId,
    /// What the mouse was pressed on last; None after a key.
    pub(crate) pressed: Option<Hit>,
    /// Whether a search text is being typed.
    pub(crate) searching: bool,
    /// What lies over the screen, the last on top.
    pub(crate) overlays: Vec<Overlay>,
    /// A sentence for the footer, until the next key.
    pub(crate) notice: Option<String>,
    /// Everything that can be set, as at start.
    pub(crate) settings: Settings,
    /// What is shown has to be made anew before the next frame.
    pub(crate) stale: bool,
    /// Counts changes that a frame would show.
    pub(crate) revision: u64,
}
