//! Everything a key can do.

use serde::de::IntoDeserializer;
use serde::de::value::Error as ValueError;
use serde::{Deserialize, Serialize};

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
    /// What a token costs.
    ShowCost,
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
    /// Accept what is selected in a list.
    Confirm,
    /// Close, stop or give up what is under way.
    Cancel,
    /// Hand the terminal back to the shell until `fg`.
    Suspend,
    /// Quit.
    Quit,
}

/// What an action is about; the headings of help.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Group {
    /// Going forth and back in the text.
    Play,
    /// Cursor and focus.
    Move,
    /// Sliders and presets.
    Sampling,
    /// How things are shown.
    View,
    /// Lanes.
    Compare,
    /// Many seeds.
    Seeds,
    /// The tree of paths.
    Tree,
    /// Beam search.
    Beam,
    /// The step, large.
    Present,
    /// A canvas.
    Diffuse,
    /// Prompt, model, program.
    Session,
}

impl Group {
    /// Every group, in the order of help.
    pub const ALL: [Self; 11] = [
        Self::Play,
        Self::Move,
        Self::Sampling,
        Self::View,
        Self::Compare,
        Self::Seeds,
        Self::Tree,
        Self::Beam,
        Self::Present,
        Self::Diffuse,
        Self::Session,
    ];

    /// The heading in help.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Play => "Play",
            Self::Move => "Move",
            Self::Sampling => "Sampling",
            Self::View => "View",
            Self::Compare => "Compare",
            Self::Seeds => "Seeds",
            Self::Tree => "Tree",
            Self::Beam => "Beam",
            Self::Present => "Present",
            Self::Diffuse => "Diffuse",
            Self::Session => "Session",
        }
    }
}

impl Action {
    /// Every action, in the order of help.
    #[rustfmt::skip]
    pub const ALL: [Self; 109] = [
        Self::Step, Self::Back, Self::PlayPause, Self::Faster, Self::Slower, Self::Restart, Self::Reroll,
        Self::SameSeed, Self::TakeCandidate, Self::GoOnHere,
        Self::Up, Self::Down, Self::Left, Self::Right, Self::PageUp, Self::PageDown, Self::First, Self::Last,
        Self::NextPanel, Self::PreviousPanel, Self::FocusText, Self::FocusCandidates, Self::FocusSampling,
        Self::ShowPanel,
        Self::Increase, Self::Decrease, Self::IncreaseCoarse, Self::DecreaseCoarse, Self::TypeValue,
        Self::ResetSlider, Self::ResetAll, Self::NextPreset, Self::PreviousPreset, Self::SavePreset, Self::CopySettings,
        Self::Mute, Self::Solo, Self::MoveEarlier, Self::MoveLater, Self::SwapOrder,
        Self::ShowStep, Self::ShowXray, Self::ShowCompare, Self::ShowTree,
        Self::ShowSeeds, Self::ShowBeam, Self::ShowDiffuse,
        Self::ShowSeeds, Self::ShowBeam, Self::ShowCost,
        Self::ColourBy, Self::Search, Self::ExplainPanel, Self::Softmax, Self::Formula, Self::ShowStops, Self::ShowSurprises, Self::EndChart,
        Self::Help, Self::NextTheme,
        Self::NextLane, Self::PreviousLane, Self::OtherLane, Self::OneLane, Self::SameDice, Self::AddLane,
        Self::AddPreset, Self::DuplicateLane, Self::RemoveLane, Self::LanePrompt,
        Self::LaneStops, Self::SweepLanes,
        Self::MoreSeeds, Self::FewerSeeds,
        Self::PreviousToken, Self::NextToken,
        Self::Expand, Self::ExpandFar, Self::Prune, Self::SortTree, Self::NameNode, Self::NextMatch, Self::ExportTree,
        Self::WiderBeams, Self::NarrowerBeams, Self::MorePenalty, Self::LessPenalty, Self::EarlyStop, Self::SortBeams,
        Self::Present, Self::Spin, Self::Guess, Self::Reveal, Self::NextKnob, Self::ThreeValues, Self::Animate,
        Self::MaskPosition, Self::SweepSteps,
        Self::EditPrompt, Self::ScoreText, Self::ExamplePrompts, Self::LoadModel, Self::SortModels, Self::ModelDetails, Self::ToggleIgnoreEos,
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

    #[rustfmt::skip]
    #[expect(clippy::too_many_lines, reason = "a line for each action")]
    const fn words(self) -> (Group, &'static str, &'static str) {
        use Group::{Beam, Compare, Diffuse, Move, Play, Present, Sampling, Seeds, Session, Tree, View};
        match self {
            Self::Step => (Play, "step", "Generate one token."),
            Self::Back => (Play, "back", "Take back the last token; the path stays in the tree."),
            Self::PlayPause => (Play, "play", "Play: generate one token after another; press again to pause."),
            Self::Faster => (Play, "faster", "Play faster, up to the full speed of the model."),
            Self::Slower => (Play, "slower", "Play slower, down to one token per second."),
            Self::Restart => (Play, "restart", "Go back to the prompt and start over."),
            Self::Reroll => (Play, "roll again", "Draw this token again: same settings, new random number."),
            Self::SameSeed => (Play, "same seed", "Draw this token again with the same seed: the same number comes up."),
            Self::TakeCandidate => (Play, "take this token", "Take the selected candidate and continue from there."),
            Self::GoOnHere => (Play, "continue", "Continue from the token under the text cursor, on a new path."),
            Self::Up => (Move, "up", "Move up."),
            Self::Down => (Move, "down", "Move down."),
            Self::Left => (Move, "left", "Move to the left: the token before, an earlier round, or fold a branch."),
            Self::Right => (Move, "right", "Move to the right: the next token, a later round, or unfold a branch."),
            Self::PageUp => (Move, "page up", "Move ten rows up."),
            Self::PageDown => (Move, "page down", "Move ten rows down."),
            Self::First => (Move, "first", "Go to the first."),
            Self::Last => (Move, "last", "Go to the last."),
            Self::NextPanel => (Move, "next panel", "Focus the next panel."),
            Self::PreviousPanel => (Move, "previous panel", "Focus the previous panel."),
            Self::FocusText => (Move, "text", "Focus the text."),
            Self::FocusCandidates => (Move, "candidates", "Focus the candidates."),
            Self::FocusSampling => (Move, "sampling", "Focus the sliders."),
            Self::ShowPanel => (Move, "other panel", "On a small screen, show the next of the panels that share this space."),
            Self::Increase => (Sampling, "more", "Move the slider a fine step up."),
            Self::Decrease => (Sampling, "less", "Move the slider a fine step down."),
            Self::IncreaseCoarse => (Sampling, "much more", "Move the slider a coarse step up."),
            Self::DecreaseCoarse => (Sampling, "much less", "Move the slider a coarse step down."),
            Self::TypeValue => (Sampling, "type value", "Type the value of the selected slider."),
            Self::ResetSlider => (Sampling, "reset", "Set the selected slider back to the preset."),
            Self::ResetAll => (Sampling, "reset all", "Set all sliders back to the preset."),
            Self::NextPreset => (Sampling, "next preset", "Switch to the next preset."),
            Self::PreviousPreset => (Sampling, "previous preset", "Switch to the previous preset."),
            Self::SavePreset => (Sampling, "save preset", "Save the settings as your own preset."),
            Self::CopySettings => (Sampling, "copy settings", "Show the settings as a llama.cpp command line or a JSON body, to copy them."),
            Self::Mute => (Sampling, "skip", "Skip this stage; press again to restore it."),
            Self::Solo => (Sampling, "solo", "Use only the stages you mark; press again to unmark this one."),
            Self::MoveEarlier => (Sampling, "earlier", "Move this stage up one place in the chain."),
            Self::MoveLater => (Sampling, "later", "Move this stage down one place in the chain."),
            Self::SwapOrder => (Sampling, "order", "Put temperature last, as in llama.cpp, or first, as in textbooks."),
            Self::ShowStep => (View, "step screen", "Show one path, token by token."),
            Self::ShowXray => (View, "x-ray", "Show what each stage of the sampler chain does to this step."),
            Self::ShowCompare => (View, "compare", "Show several settings side by side."),
            Self::ShowTree => (View, "tree", "Show every path so far as a tree."),
            Self::ShowSeeds => (View, "seeds", "Show many seeds with the same settings."),
            Self::ShowBeam => (View, "beam", "Beam search: look for the likeliest text, round by round."),
            Self::ShowDiffuse => (View, "diffuse", "A diffusion model at work: a whole text at once, step by step."),
            Self::ShowCost => (View, "cost", "Show what a token costs: cache, batches, vocabulary, memory, time."),
            Self::ColourBy => (View, "colour by", "Switch token colours: probability, entropy, rank or surprisal."),
            Self::Search => (View, "search", "Search the whole vocabulary by text or id."),
            Self::ExplainPanel => (View, "explain", "Explain what the focused panel shows."),
            Self::Softmax => (View, "softmax", "Work through softmax on this step's logits or on logits you type."),
            Self::Formula => (View, "formula", "Explain the selected setting or stage, with its formula."),
            Self::ShowStops => (View, "stop conditions", "List all stop conditions and how close each one is; ↵ there changes them."),
            Self::ShowSurprises => (View, "surprises", "List the most surprising tokens; ↵ there goes to one."),
            Self::EndChart => (View, "end chart", "Switch the end token chart: where there is room, always, its rank, or off."),
            Self::Help => (View, "all keys", "List all keys."),
            Self::NextTheme => (View, "theme", "Switch to the next theme."),
            Self::NextLane => (Compare, "next lane", "Focus the next lane."),
            Self::PreviousLane => (Compare, "previous lane", "Focus the previous lane."),
            Self::OtherLane => (Compare, "other lane", "Compare the focused lane with the next of the others."),
            Self::OneLane => (Compare, "one lane", "Step, play and go back in the focused lane only, or in all lanes."),
            Self::SameDice => (Compare, "own seeds", "Use the same random numbers in all lanes, or a separate seed for each."),
            Self::AddLane => (Compare, "add lane", "Add a lane with the settings of the step screen."),
            Self::AddPreset => (Compare, "add preset", "Add a lane with the settings of a preset."),
            Self::DuplicateLane => (Compare, "duplicate", "Add a copy of the focused lane, at the same position in its text."),
            Self::RemoveLane => (Compare, "remove lane", "Remove the focused lane; its path stays in the tree."),
            Self::LanePrompt => (Compare, "own prompt", "Give the focused lane its own prompt; an empty one removes it."),
            Self::LaneStops => (Compare, "own stops", "Set the focused lane's own stop conditions."),
            Self::SweepLanes => (Compare, "sweep", "Replace the lanes with ones that differ in one setting."),
            Self::MoreSeeds => (Seeds, "more seeds", "Double the number of seeds, up to 256."),
            Self::FewerSeeds => (Seeds, "fewer seeds", "Halve the number of seeds, down to 8."),
            Self::PreviousToken => (Tree, "previous token", "Select the previous token in the row; other keys then act there."),
            Self::NextToken => (Tree, "next token", "Select the next token in the row."),
            Self::Expand => (Tree, "expand", "Add likely continuations of the selected node, as many as set for growing."),
            Self::ExpandFar => (Tree, "grow", "Grow the tree from the selected node: choose how wide and how deep."),
            Self::Prune => (Tree, "prune", "Remove the row, from the selected token on, with everything below it."),
            Self::SortTree => (Tree, "sort", "Sort by time or by probability."),
            Self::NameNode => (Tree, "name", "Name the selected node; an empty name removes it."),
            Self::NextMatch => (Tree, "next match", "Go to the next match of the search."),
            Self::ExportTree => (Tree, "export", "Save the tree as Markdown, DOT and JSON files in this folder."),
            Self::WiderBeams => (Beam, "wider", "Use one more beam; the search starts over."),
            Self::NarrowerBeams => (Beam, "narrower", "Use one beam fewer; the search starts over. A single beam is greedy."),
            Self::MorePenalty => (Beam, "favour long", "Larger length penalty: favours long texts."),
            Self::LessPenalty => (Beam, "favour short", "Smaller length penalty: favours short texts; 0 ranks by probability alone."),
            Self::EarlyStop => (Beam, "early stop", "Stop when nothing can beat the best text, with the first text, or the last."),
            Self::SortBeams => (Beam, "sort", "Sort the continuations of a round by score, or group them by beam."),
            Self::Present => (Present, "present", "Show the step large, for a projector; press again to leave."),
            Self::Spin => (Present, "spin", "Spin the wheel for the next token; press again to end the spin."),
            Self::Guess => (Present, "guess", "Guess the next token, a probability, where u lands, or nothing."),
            Self::Reveal => (Present, "reveal", "Show what was guessed."),
            Self::NextKnob => (Present, "other slider", "Show another slider: temperature, top-p, top-k or min-p."),
            Self::ThreeValues => (Present, "three values", "Show the same step at three values of the slider, or one again."),
            Self::Animate => (Present, "animation", "Let the wheel turn, or show at once where it stops."),
            Self::MaskPosition => (Diffuse, "mask again", "Mask the selected position again; the next steps write it anew."),
            Self::SweepSteps => (Diffuse, "sweep of steps", "Write the canvas in 1, 2, 4 … steps, to compare the texts."),
            Self::EditPrompt => (Session, "prompt", "Write a new prompt."),
            Self::ScoreText => (Session, "score a text", "Score a text: show how likely the model finds each of its tokens."),
            Self::ExamplePrompts => (Session, "examples", "Choose an example prompt."),
            Self::LoadModel => (Session, "model", "Load another model: from the list, by path, or by name from the hub."),
            Self::SortModels => (Session, "sort", "In the list of models: sort by last use, name, size, parameters or context."),
            Self::ModelDetails => (Session, "details", "In the list of models: show everything that the model's file says."),
            Self::ToggleIgnoreEos => (Session, "ban end tokens", "Ban the tokens that end generation, or allow them again."),
            Self::Confirm => (Session, "choose", "Accept the selected item."),
            Self::Cancel => (Session, "close", "Close what is open; or stop playing, reading the prompt or loading."),
            Self::Suspend => (Session, "suspend", "Suspend to the shell; `fg` returns."),
            Self::Quit => (Session, "quit", "Quit."),
        }
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
