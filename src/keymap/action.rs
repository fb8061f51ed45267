//! Everything a key can do.

use serde::de::IntoDeserializer;
use serde::de::value::Error as ValueError;
use serde::{Deserialize, Serialize};

use super::Group;

/// What a key asks for. In keymap.toml an action is written in kebab-case: `play-pause`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// Generate one token.
    Step,
    /// Take back the last token.
    Back,
    /// Generate token after token, or pause.
    PlayPause,
    /// Play faster.
    Faster,
    /// Play slower.
    Slower,
    /// Go back to the prompt.
    Restart,
    /// Draw this step again with a new random number.
    Reroll,
    /// Draw this step again from the same seed.
    SameSeed,
    /// Take the selected candidate instead of the drawn one.
    TakeCandidate,
    /// Continue from the token under the text cursor.
    GoOnHere,
    /// One up.
    Up,
    /// One down.
    Down,
    /// One to the left.
    Left,
    /// One to the right.
    Right,
    /// A page up.
    PageUp,
    /// A page down.
    PageDown,
    /// To the first.
    First,
    /// To the last.
    Last,
    /// Focus the next panel.
    NextPanel,
    /// Focus the previous panel.
    PreviousPanel,
    /// Focus the text.
    FocusText,
    /// Focus the candidates.
    FocusCandidates,
    /// Focus the sliders.
    FocusSampling,
    /// At small sizes, show the next of the panels that share a place.
    ShowPanel,
    /// A fine step up.
    Increase,
    /// A fine step down.
    Decrease,
    /// A coarse step up.
    IncreaseCoarse,
    /// A coarse step down.
    DecreaseCoarse,
    /// Type the value of the selected slider.
    TypeValue,
    /// The selected slider back to the preset.
    ResetSlider,
    /// All sliders back to the preset.
    ResetAll,
    /// The next preset.
    NextPreset,
    /// The previous preset.
    PreviousPreset,
    /// The settings saved under a name.
    SavePreset,
    /// Pass the selected stage over, or no longer.
    Mute,
    /// Let the selected stage act alone, or no longer.
    Solo,
    /// The selected stage one place earlier in the chain.
    MoveEarlier,
    /// The selected stage one place later in the chain.
    MoveLater,
    /// Temperature first, as in textbooks, or last, as in llama.cpp.
    SwapOrder,
    /// The step screen.
    ShowStep,
    /// The sampler chain, stage by stage.
    ShowXray,
    /// Lanes side by side.
    ShowCompare,
    /// All paths walked.
    ShowTree,
    /// One setting, many seeds.
    ShowSeeds,
    /// Beam search.
    ShowBeam,
    /// A canvas that a diffusion model writes.
    ShowDiffuse,
    /// Speculative decoding.
    ShowSpeculate,
    /// What a token costs.
    ShowCost,
    /// Lessons.
    ShowLearn,
    /// Switch token colours: probability, entropy, rank or surprisal.
    ColourBy,
    /// Search the candidates.
    Search,
    /// A sentence on what the focused panel shows.
    ExplainPanel,
    /// The settings as a text to take along.
    CopySettings,
    /// From logits to probabilities, every number in between.
    Softmax,
    /// What the selected setting or stage computes.
    Formula,
    /// Every stop condition at length.
    ShowStops,
    /// The most surprising tokens of the text.
    ShowSurprises,
    /// The chart of the end token: its probability where there is room or always, its rank, nothing in turn.
    EndChart,
    /// All keys.
    Help,
    /// The next theme.
    NextTheme,
    /// Edit the prompt.
    EditPrompt,
    /// Write a text, or take the prompt, and show how likely each token of it is.
    ScoreText,
    /// Choose an example prompt.
    ExamplePrompts,
    /// Load another model.
    LoadModel,
    /// The `LoRA` adapters of the model, and how strongly each counts.
    Adapters,
    /// Sort the list of models otherwise.
    SortModels,
    /// Show all that the file of the selected model says.
    ModelDetails,
    /// End tokens may be drawn, or not.
    ToggleIgnoreEos,
    /// Focus the next lane.
    NextLane,
    /// Focus the previous lane.
    PreviousLane,
    /// Compare with the next lane.
    OtherLane,
    /// Keys move the lane in focus alone, or all.
    OneLane,
    /// The same random number in all lanes, or a seed for each.
    SameDice,
    /// Add a lane with the settings of the step screen.
    AddLane,
    /// Add a lane with the settings of a preset.
    AddPreset,
    /// Add a copy of the lane in focus.
    DuplicateLane,
    /// Remove the lane in focus.
    RemoveLane,
    /// A prompt of the focused lane's own.
    LanePrompt,
    /// Stop conditions of the focused lane's own.
    LaneStops,
    /// Lanes that differ in one setting.
    SweepLanes,
    /// Twice as many seeds.
    MoreSeeds,
    /// Half as many seeds.
    FewerSeeds,
    /// Select the token before in the selected row.
    PreviousToken,
    /// Select the next token in the selected row.
    NextToken,
    /// Add the likeliest continuations of the selected node.
    Expand,
    /// Add likely continuations and theirs.
    ExpandFar,
    /// Take the selected row and all below it away.
    Prune,
    /// Sort by time or by probability.
    SortTree,
    /// Name the selected node.
    NameNode,
    /// The next match of a search.
    NextMatch,
    /// Write the tree into files.
    ExportTree,
    /// Search with one beam more.
    WiderBeams,
    /// Search with one beam less.
    NarrowerBeams,
    /// A larger exponent of the length penalty.
    MorePenalty,
    /// A smaller exponent of the length penalty.
    LessPenalty,
    /// When a search ends before every beam has.
    EarlyStop,
    /// Sort the continuations of a round.
    SortBeams,
    /// Go on to the end of a round of drafted and verified tokens.
    NextRound,
    /// The other rule by which drafts are verified.
    OtherRule,
    /// Where drafts come from.
    DraftSource,
    /// Longer drafts.
    LongerDraft,
    /// Shorter drafts.
    ShorterDraft,
    /// Measure drafts of every length.
    SweepDrafts,
    /// Many seeds to their first tokens.
    TrySeeds,
    /// Show the step large, for a projector, or no longer.
    Present,
    /// Spin the wheel for the next token.
    Spin,
    /// Guess something before it is shown, or nothing.
    Guess,
    /// Show what was guessed.
    Reveal,
    /// Show another slider.
    NextKnob,
    /// Show the step at three values of the slider.
    ThreeValues,
    /// The wheel turns, or is where it stops at once.
    Animate,
    /// Mask the selected position again.
    MaskPosition,
    /// Write the canvas in different numbers of steps.
    SweepSteps,
    /// Go on in a lesson: to the question, the answer, the next step.
    LessonNext,
    /// Back to the step before in a lesson.
    LessonBack,
    /// Set the lesson's step up again, or begin the lesson anew.
    LessonAgain,
    /// A hint for the lesson's step.
    LessonHint,
    /// Have the lesson do what is to be done.
    LessonDo,
    /// The keys from the lesson to the screen, or back.
    LessonFocus,
    /// Leave the lesson; it can be taken up again.
    LessonLeave,
    /// Accept what is selected in a list.
    Confirm,
    /// Close, stop or give up what is under way.
    Cancel,
    /// Hand the terminal back to the shell until `fg`.
    Suspend,
    /// Quit.
    Quit,
}

impl Action {
    /// Every action, in the order of help.
    #[rustfmt::skip]
    pub const ALL: [Self; 124] = [
        Self::Step, Self::Back, Self::PlayPause, Self::Faster, Self::Slower, Self::Restart, Self::Reroll,
        Self::SameSeed, Self::TakeCandidate, Self::GoOnHere,
        Self::Up, Self::Down, Self::Left, Self::Right, Self::PageUp, Self::PageDown, Self::First, Self::Last,
        Self::NextPanel, Self::PreviousPanel, Self::FocusText, Self::FocusCandidates, Self::FocusSampling,
        Self::ShowPanel,
        Self::Increase, Self::Decrease, Self::IncreaseCoarse, Self::DecreaseCoarse, Self::TypeValue,
        Self::ResetSlider, Self::ResetAll, Self::NextPreset, Self::PreviousPreset, Self::SavePreset, Self::CopySettings,
        Self::Mute, Self::Solo, Self::MoveEarlier, Self::MoveLater, Self::SwapOrder,
        Self::ShowStep, Self::ShowXray, Self::ShowCompare, Self::ShowTree,
        Self::ShowSeeds, Self::ShowBeam, Self::ShowDiffuse, Self::ShowSpeculate, Self::ShowCost, Self::ShowLearn,
        Self::ColourBy, Self::Search, Self::ExplainPanel, Self::Softmax, Self::Formula, Self::ShowStops, Self::ShowSurprises, Self::EndChart,
        Self::Help, Self::NextTheme,
        Self::NextLane, Self::PreviousLane, Self::OtherLane, Self::OneLane, Self::SameDice, Self::AddLane,
        Self::AddPreset, Self::DuplicateLane, Self::RemoveLane, Self::LanePrompt,
        Self::LaneStops, Self::SweepLanes,
        Self::MoreSeeds, Self::FewerSeeds,
        Self::PreviousToken, Self::NextToken,
        Self::Expand, Self::ExpandFar, Self::Prune, Self::SortTree, Self::NameNode, Self::NextMatch, Self::ExportTree,
        Self::WiderBeams, Self::NarrowerBeams, Self::MorePenalty, Self::LessPenalty, Self::EarlyStop, Self::SortBeams,
        Self::NextRound, Self::OtherRule, Self::DraftSource, Self::LongerDraft, Self::ShorterDraft, Self::SweepDrafts, Self::TrySeeds,
        Self::Present, Self::Spin, Self::Guess, Self::Reveal, Self::NextKnob, Self::ThreeValues, Self::Animate,
        Self::MaskPosition, Self::SweepSteps,
        Self::LessonNext, Self::LessonBack, Self::LessonAgain, Self::LessonHint, Self::LessonDo, Self::LessonFocus, Self::LessonLeave,
        Self::EditPrompt, Self::ScoreText, Self::ExamplePrompts, Self::LoadModel, Self::Adapters, Self::SortModels, Self::ModelDetails, Self::ToggleIgnoreEos,
        Self::Confirm, Self::Cancel, Self::Suspend, Self::Quit,
    ];

    /// The action of that name (`play-pause`), if there is one.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        let deserializer: serde::de::value::StrDeserializer<'_, ValueError> = name.into_deserializer();
        Self::deserialize(deserializer).ok()
    }

    /// The name in keymap.toml.
    #[must_use]
    pub fn name(self) -> String {
        // Through serde, so that the name is written down in one place only.
        match toml::Value::try_from(self) {
            Ok(toml::Value::String(name)) => name,
            other => unreachable!("a unit variant serialises as its name, not as {other:?}"),
        }
    }

    /// A few words for the footer.
    #[must_use]
    pub const fn label(self) -> &'static str {
        self.words().1
    }

    /// A sentence for help.
    #[must_use]
    pub const fn about(self) -> &'static str {
        self.words().2
    }

    /// Where help lists it.
    #[must_use]
    pub const fn group(self) -> Group {
        self.words().0
    }

    /// Whether its global key works while a list or help is open too. The others would change what lies
    /// beneath.
    #[must_use]
    pub const fn reaches_through_overlays(self) -> bool {
        matches!(self, Self::Quit | Self::Suspend | Self::Cancel | Self::NextTheme)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use unicode_width::UnicodeWidthStr;

    use super::*;

    #[test]
    fn all_lists_every_variant_once() {
        // serde's complaint about an unknown variant names each of them in backticks.
        let deserializer: serde::de::value::StrDeserializer<'_, ValueError> = "nonsense".into_deserializer();
        let complaint = Action::deserialize(deserializer).expect_err("no action").to_string();
        let expected: HashSet<_> = complaint.split('`').skip(3).step_by(2).map(str::to_owned).collect();
        let listed: HashSet<_> = Action::ALL.into_iter().map(Action::name).collect();
        assert_eq!(listed, expected);
        assert_eq!(listed.len(), Action::ALL.len(), "none twice");
    }

    #[test]
    fn names_lead_back_to_their_actions() {
        for action in Action::ALL {
            assert_eq!(Action::from_name(&action.name()), Some(action));
        }
        assert_eq!(Action::PlayPause.name(), "play-pause");
        assert_eq!(Action::from_name("PlayPause"), None);
        assert_eq!(Action::from_name(""), None);
    }

    #[test]
    fn words_fit_footer_and_help() {
        for action in Action::ALL {
            assert!((2..=16).contains(&action.label().width()), "{action:?}");
            let about = action.about();
            assert!(about.ends_with('.') && about.width() <= 80, "{action:?}: {about}");
        }
    }

    #[test]
    fn all_is_ordered_by_group() {
        let groups: Vec<_> = Action::ALL.into_iter().map(|action| action.group() as usize).collect();
        assert!(groups.is_sorted());
    }
}
