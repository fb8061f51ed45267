//! `logitscope handout`: a chapter is played on the built-in model and becomes a page.

mod support;

use std::{fs, process::Command};

use support::LOGITSCOPE;

fn handout(folder: &tempfile::TempDir, args: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(LOGITSCOPE);
    command.arg("handout").args(args).current_dir(folder.path());
    for name in ["XDG_CONFIG_HOME", "XDG_STATE_HOME"] {
        command.env(name, folder.path());
    }
    let output = command.env("LANG", "C").output().expect("it runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code().unwrap_or(-1), text(&output.stdout), text(&output.stderr))
}

#[test]
fn questions_come_first_and_answers_of_the_model_last() {
    let folder = tempfile::tempdir().expect("a folder");
    let (status, _, error) = handout(&folder, &["2", "-o", "handout.html"]);
    assert_eq!((status, error.as_str()), (0, ""));
    let page = fs::read_to_string(folder.path().join("handout.html")).expect("it is written");
    let (questions, answers) = page.split_once("class=\"answers\"").expect("answers");
    assert!(page.starts_with("<!DOCTYPE html>") && page.ends_with("</html>\n"));
    // Softmax of 3, 2, 1 is 67 %, and nobody is told before the last page.
    assert!(questions.contains("2.1.1 What probability does the first one get?"), "{questions}");
    assert!(answers.contains("<p>2.1.1 <b>67 %</b>") && !questions.contains("67 %"));
    // The program's own screen, as text.
    assert!(questions.contains(">Next token<") && questions.contains("class=\"screen\""));
    for foreign in ["<script", "http:", "https:", "url("] {
        assert!(!page.contains(foreign), "{foreign}");
    }
}

#[test]
fn a_lesson_of_ones_own_is_handed_out_and_one_that_is_wrong_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let lessons = folder.path().join("logitscope/lessons");
    fs::create_dir_all(&lessons).expect("a folder");
    let own = "title = \"<Meine>\"\nlang = \"de\"\nchapter = 3\nminutes = 1\nable = \"Sie können das.\"\n\n[[step]]\nsay = \"Hier.\"\n";
    for name in ["3-01-seeds", "3-02-early-token", "3-03-beam", "3-04-open-and-closed", "3-05-when-which"] {
        fs::write(lessons.join(format!("{name}.toml")), own).expect("written");
    }
    fs::write(lessons.join("3-06-broken.toml"), "title = 3\n").expect("written");
    let (status, page, error) = handout(&folder, &["3", "-o", "-", "--lang", "de"]);
    assert_eq!(status, 0, "{error}");
    assert!(error.contains("3-06-broken.toml, line 1:"), "{error}");
    assert!(page.contains("<html lang=\"de\">") && page.contains("<h1>Antworten</h1>"));
    assert_eq!(page.matches("&lt;Meine&gt;").count(), 10, "each in the questions and in the answers");
}

#[test]
fn wrong_usage_and_files_that_cannot_be_written_are_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let (status, _, error) = handout(&folder, &["6", "-o", "x.html"]);
    assert_eq!(status, 2);
    assert!(error.contains("6 is not in 1..=5") || error.contains("1..6"), "{error}");
    let (status, _, error) = handout(&folder, &["3", "-o", "no/such/folder.html", "--lang", "E!"]);
    assert_eq!(status, 2);
    assert!(error.contains("two or three letters"), "{error}");
}
