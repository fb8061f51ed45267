//! Choosing the settings of new lanes from a list.

use super::{super::Desk, Compare, NewLane};
use crate::{
    app::Room as _,
    decode::lanes::{Lanes, Seeds, Sweep, SweepField},
    sampling::SamplingSettings,
};

/// A list of what new lanes can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LaneChooser {
    /// One more lane, with the settings of a preset.
    Preset {
        /// The selected row.
        selected: usize,
    },
    /// Lanes that differ in one setting, in place of those that are there.
    Sweep {
        /// The selected row, an index into [`SweepRange::ALL`].
        selected: usize,
        /// How many lanes, 2 to [`Lanes::MOST`].
        lanes: usize,
    },
}

impl LaneChooser {
    /// Selects a row.
    pub(in crate::app) fn select(&mut self, row: usize) {
        let (Self::Preset { selected } | Self::Sweep { selected, .. }) = self;
        *selected = row;
    }

    /// Moves the number of lanes of a sweep.
    pub(in crate::app) fn change(&mut self, by: isize) {
        if let Self::Sweep { lanes, .. } = self {
            *lanes = lanes.saturating_add_signed(by).clamp(2, Lanes::MOST);
        }
    }

    /// The selected row.
    #[must_use]
    pub fn selected(&self) -> usize {
        let (Self::Preset { selected } | Self::Sweep { selected, .. }) = self;
        *selected
    }
}

/// A setting and the values it is swept over.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SweepRange {
    /// The setting.
    pub field: SweepField,
    /// The first lane's value.
    pub from: f64,
    /// The last lane's.
    pub to: f64,
    /// What there is to see.
    pub about: &'static str,
}

impl SweepRange {
    /// What can be swept; seeds count up from the present one.
    pub const ALL: [Self; 5] = [
        Self {
            field: SweepField::Temperature,
            from: 0.0,
            to: 2.0,
            about: "from the most likely text to wild ones",
        },
        Self { field: SweepField::TopP, from: 0.5, to: 1.0, about: "from a narrow nucleus to none" },
        Self { field: SweepField::MinP, from: 0.0, to: 0.3, about: "how much of the tail is cut" },
        Self {
            field: SweepField::RepeatPenalty,
            from: 1.0,
            to: 1.5,
            about: "from none to one that breaks loops, and then grammar",
        },
        Self {
            field: SweepField::Seed,
            from: 0.0,
            to: 0.0,
            about: "the same settings, different random numbers",
        },
    ];

    /// The values of so many lanes.
    #[must_use]
    pub fn values(&self, base: &SamplingSettings, lanes: usize) -> Sweep {
        let (from, to) = if self.field == SweepField::Seed {
            // The last one is a seed, too.
            let first = f64::from(base.seed.unwrap_or_default().min(u32::MAX - lanes as u32));
            (first, first + lanes.saturating_sub(1) as f64)
        } else {
            (self.from, self.to)
        };
        // Hundredths are enough to compare, and can be read.
        let mut sweep = Sweep::even(self.field, from, to, lanes);
        sweep.values.iter_mut().for_each(|value| *value = (*value * 100.0).round() / 100.0);
        sweep
    }
}

impl Compare {
    /// Makes the lanes that were chosen.
    pub(in crate::app) fn choose_lanes(&mut self, chooser: LaneChooser, desk: &mut Desk) {
        match chooser {
            LaneChooser::Preset { selected } => {
                let Some(preset) = desk.hand.presets.get(selected) else { return };
                let mut settings = desk.hand.sampling.clone();
                preset.layer().apply(&mut settings);
                let lane = NewLane::of(preset.name.clone(), settings);
                self.add_and_focus(lane, desk);
            }
            LaneChooser::Sweep { selected, lanes } => {
                let Some(range) = SweepRange::ALL.get(selected) else { return };
                let base = self.settings().unwrap_or(&desk.hand.sampling).clone();
                // They differ in that one setting alone: prompt and stop conditions are those of the lane in focus.
                let own = self.own_of_focus();
                let sweep = range.values(&base, lanes);
                let setups =
                    sweep.lanes(&base).map(|(name, settings)| NewLane { name, settings, own: own.clone() });
                let setups = setups.collect();
                self.seeds = if range.field == SweepField::Seed { Seeds::Own } else { Seeds::Same };
                desk.play.pause();
                self.set_lanes(setups, desk);
            }
        }
    }

    /// Adds a lane and looks at it.
    pub(super) fn add_and_focus(&mut self, lane: NewLane, desk: &mut Desk) {
        let added = self.add_lane(lane, desk);
        if added.is_ok() {
            self.focus = self.lanes().len().saturating_sub(1);
        }
        self.forget_sight();
        self.lanes_changed(desk);
        match (added, &mut self.lanes) {
            // With its seed, and what is in the tree already costs nothing.
            (Ok(()), Some(lanes)) => lanes.catch_up(self.focus),
            (Ok(()), None) => {}
            (Err(error), _) => desk.notice = Some(error.to_string()),
        }
    }
}
