//! The page as HTML.

use std::fmt::Write as _;

use super::{Chapter, Played, Question, Space, Step, style::STYLE, words::Words};
use crate::picture::{self, Classes, Look, escaped};

/// The hand-out of a chapter in a language (`en`), with its pictures in these colours.
#[must_use]
pub fn page(chapter: &Chapter, lang: &str, look: Look) -> String {
    let words = Words::of(lang);
    let mut classes = Classes::default();
    let mut body = String::new();
    for (index, lesson) in chapter.lessons.iter().enumerate() {
        lesson_of(&mut body, lesson, &number(chapter, index), words, look, &mut classes);
    }
    let title = format!("{} {} · {}", words.chapter, chapter.number, chapter.title);
    let title = escaped(&title);
    let mut page = format!(
        "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>{title}</title>\n<style>{STYLE}{}\n{}</style>\n</head>\n\
         <body>\n<h1>{title}</h1>\n",
        escaped(lang),
        picture::rules("svg.screen text"),
        classes.css()
    );
    let blank = "<i class=\"blank\"></i>";
    let _ = writeln!(
        page,
        "<div class=\"name\"><span>{} {blank}</span><span>{} {blank}</span></div>\n<p>{}</p>",
        words.name, words.date, words.how
    );
    page.push_str(&body);
    answers(&mut page, chapter, words);
    page.push_str("</body>\n</html>\n");
    page
}

fn number(chapter: &Chapter, index: usize) -> String {
    format!("{}.{}", chapter.number, index + 1)
}

fn lesson_of(
    body: &mut String,
    lesson: &Played,
    number: &str,
    words: &Words,
    look: Look,
    classes: &mut Classes,
) {
    let _ = write!(
        body,
        "<section>\n<div class=\"head\">\n<h2>{number} {}</h2>\n<p class=\"small\">{} {} · {} {} · {} <code>logitscope learn --lesson {}</code></p>\n",
        escaped(&lesson.title),
        words.able,
        escaped(&lesson.able),
        lesson.minutes,
        words.minutes,
        words.play,
        escaped(&lesson.name)
    );
    if let Some(shows) = &lesson.shows {
        let _ = writeln!(body, "<p class=\"small\">{}</p>", escaped(shows));
    }
    body.push_str("</div>\n");
    let mut asked = 0;
    for step in &lesson.steps {
        let _ = writeln!(body, "<div class=\"step\">\n<p class=\"say\">{}</p>", escaped(&step.say));
        if let Some(screen) = &step.screen {
            let label = format!("{}: {}", words.screen, step.say);
            let _ = writeln!(body, "<figure>\n{}</figure>", picture::element(screen, look, &label, classes));
        }
        if let Some(task) = &step.task {
            let _ = writeln!(body, "<p class=\"question\">{} {}</p>", words.task, escaped(task));
        }
        if let Some(question) = &step.question {
            asked += 1;
            question_of(body, question, &format!("{number}.{asked}"), words);
        }
        body.push_str("</div>\n");
    }
    body.push_str("</section>\n");
}

fn question_of(body: &mut String, question: &Question, number: &str, words: &Words) {
    let _ = writeln!(body, "<p class=\"question\">{number} {}</p>", escaped(&question.text));
    match &question.space {
        Space::Tick(options) => list(body, "tick", options),
        Space::Order(options) => list(body, "order", options),
        Space::Line(unit) => line(body, words.guess, unit.as_deref()),
        Space::Ruler => body.push_str(RULER),
    }
    line(body, words.found, None);
}

fn list(body: &mut String, class: &str, options: &[String]) {
    let _ = writeln!(body, "<ul class=\"{class}\">");
    for option in options {
        let _ = writeln!(body, "<li><span>{}</span></li>", escaped(option));
    }
    body.push_str("</ul>\n");
}

fn line(body: &mut String, before: &str, unit: Option<&str>) {
    let blank = match unit {
        Some(unit) => format!("<i class=\"blank short\"></i><span>{}</span>", escaped(unit)),
        None => "<i class=\"blank\"></i>".to_owned(),
    };
    let _ = writeln!(body, "<div class=\"line\"><span>{before}</span>{blank}</div>");
}

/// A ruler from 0 to 1 with a mark at every tenth.
const RULER: &str = "<svg viewBox=\"-12 0 624 40\" role=\"img\" aria-label=\"0 to 1\"><path d=\"M0 12h600M0 4v16M60 8v8M120 8v8M180 \
     8v8M240 8v8M300 4v16M360 8v8M420 8v8M480 8v8M540 8v8M600 4v16\" fill=\"none\" stroke=\"#333\"/><g font-size=\"13\" \
     text-anchor=\"middle\"><text x=\"0\" y=\"36\">0</text><text x=\"300\" y=\"36\">0.5</text><text x=\"600\" y=\"36\">1</text></g></svg>\n";

fn answers(page: &mut String, chapter: &Chapter, words: &Words) {
    let _ = write!(
        page,
        "<section class=\"answers\">\n<h1>{}</h1>\n<p class=\"small\">{} {}.</p>\n",
        words.answers,
        words.made,
        escaped(&chapter.model)
    );
    for (index, lesson) in chapter.lessons.iter().enumerate() {
        let number = number(chapter, index);
        let _ = writeln!(page, "<h2>{number} {}</h2>", escaped(&lesson.title));
        answers_of(page, &lesson.steps, &number);
    }
    page.push_str("</section>\n");
}

fn answers_of(page: &mut String, steps: &[Step], number: &str) {
    let mut asked = 0;
    for step in steps {
        let why = step.why.as_deref().map(escaped).unwrap_or_default();
        match &step.question {
            Some(question) => {
                asked += 1;
                let _ = writeln!(page, "<p>{number}.{asked} <b>{}</b> {why}</p>", escaped(&question.right));
            }
            None if !why.is_empty() => {
                let _ = writeln!(page, "<p>{why}</p>");
            }
            None => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use ratatui::{buffer::Buffer, layout::Rect, style::Style};

    use super::*;

    fn chapter(text: &str) -> Chapter {
        let mut screen = Buffer::empty(Rect::new(0, 0, 20, 2));
        screen.set_string(0, 0, "a screen", Style::default());
        let question =
            |space, right: &str| Question { text: text.to_owned(), space, right: right.to_owned() };
        let step = |question| Step {
            say: text.to_owned(),
            screen: Some(screen.clone()),
            task: None,
            question: Some(question),
            why: Some(text.to_owned()),
        };
        let options = vec![text.to_owned(), "other".to_owned()];
        Chapter {
            number: 2,
            title: text.to_owned(),
            model: text.to_owned(),
            lessons: vec![Played {
                name: text.to_owned(),
                title: text.to_owned(),
                able: text.to_owned(),
                minutes: 5,
                shows: Some(text.to_owned()),
                steps: vec![
                    step(question(Space::Tick(options.clone()), "the ticked one")),
                    step(question(Space::Order(options), "1, 2")),
                    step(question(Space::Line(Some("%".to_owned())), "the number")),
                    step(question(Space::Ruler, "the place")),
                    Step {
                        task: Some(text.to_owned()),
                        why: Some("after the task".to_owned()),
                        ..Step::default()
                    },
                ],
            }],
        }
    }

    #[test]
    fn answers_stand_behind_all_questions() {
        let page = page(&chapter("plain"), "en", Look::PRINT);
        let (questions, answers) = page.split_once("class=\"answers\"").unwrap();
        for (number, right) in
            [("2.1.1", "the ticked one"), ("2.1.2", "1, 2"), ("2.1.3", "the number"), ("2.1.4", "the place")]
        {
            assert!(questions.contains(&format!(">{number} plain</p>")), "{number}");
            assert!(!questions.contains(right), "{right}");
            assert!(answers.contains(&format!(">{number} <b>{right}</b> plain</p>")), "{number}");
        }
        assert!(!questions.contains("after the task") && answers.contains("<p>after the task</p>"));
    }

    #[test]
    fn every_kind_of_question_has_its_space() {
        let page = page(&chapter("plain"), "en", Look::PRINT);
        assert_eq!(page.matches("<ul class=\"tick\">").count(), 1);
        assert_eq!(page.matches("<ul class=\"order\">").count(), 1);
        assert_eq!(page.matches("Your guess:").count(), 1);
        assert_eq!(page.matches("aria-label=\"0 to 1\"").count(), 1);
        assert_eq!(page.matches("What happened:").count(), 4);
        assert_eq!(page.matches("class=\"screen\"").count(), 4);
    }

    #[test]
    fn the_words_are_of_the_language() {
        assert!(page(&chapter("x"), "de", Look::PRINT).contains("<h1>Antworten</h1>"));
        assert!(page(&chapter("x"), "fr", Look::PRINT).contains("<html lang=\"fr\">"));
    }

    #[test]
    fn nothing_is_loaded_and_nothing_runs() {
        let page = page(&chapter("x"), "en", Look::PRINT);
        for foreign in ["<script", "http:", "https:", "url(", "@import", " src=", "<link"] {
            assert!(!page.contains(foreign), "{foreign}");
        }
    }

    proptest! {
        #[test]
        fn markup_in_a_lesson_is_text(text in "[<>&\"'a-c\\n\u{1b}]{0,12}") {
            let odd = page(&chapter(&text), &text, Look::PRINT);
            let plain = page(&chapter("x"), "en", Look::PRINT);
            let tags = |page: &str| page.matches('<').count();
            prop_assert_eq!(tags(&odd), tags(&plain));
            prop_assert!(!odd.contains('\u{1b}'), "a control character");
        }
    }
}
