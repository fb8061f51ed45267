//! The few words of a hand-out that do not come from a lesson.

/// The words in one language.
pub(super) struct Words {
    pub chapter: &'static str,
    pub name: &'static str,
    pub date: &'static str,
    pub how: &'static str,
    pub able: &'static str,
    pub minutes: &'static str,
    pub play: &'static str,
    pub task: &'static str,
    pub guess: &'static str,
    pub found: &'static str,
    pub answers: &'static str,
    pub made: &'static str,
    pub screen: &'static str,
}

impl Words {
    /// Those of a language by its code; English where there are none.
    pub fn of(lang: &str) -> &'static Self {
        if lang == "de" || lang.starts_with("de-") { &GERMAN } else { &ENGLISH }
    }
}

const ENGLISH: Words = Words {
    chapter: "Chapter",
    name: "Name",
    date: "Date",
    how: "Write your guess before you look. Then play the lesson in logitscope and write down what happened.",
    able: "Afterwards:",
    minutes: "minutes",
    play: "play it with",
    task: "To do:",
    guess: "Your guess:",
    found: "What happened:",
    answers: "Answers",
    made: "Worked out by playing the lessons. Times are those of the machine that made this page. The model was",
    screen: "The screen of logitscope",
};

const GERMAN: Words = Words {
    chapter: "Kapitel",
    name: "Name",
    date: "Datum",
    how: "Schreiben Sie Ihre Vermutung auf, bevor Sie nachsehen. Spielen Sie dann die Lektion in logitscope und notieren Sie, \
          was geschehen ist.",
    able: "Danach:",
    minutes: "Minuten",
    play: "gespielt mit",
    task: "Aufgabe:",
    guess: "Ihre Vermutung:",
    found: "Was geschah:",
    answers: "Antworten",
    made: "Beim Spielen der Lektionen errechnet. Zeiten sind die der Maschine, auf der diese Seite entstand. Das Modell war",
    screen: "Der Bildschirm von logitscope",
};
