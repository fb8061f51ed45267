//! Checks of the built-in themes and of loading.

use std::fs;
use std::path::Path;

use ratatui::style::{Color, Modifier, Style};
use tempfile::TempDir;

use super::file::ThemeFile;
use super::*;
use crate::toml_source::TomlSource;

const DEPTHS: [ColourDepth; 4] =
    [ColourDepth::True, ColourDepth::Ansi256, ColourDepth::Ansi16, ColourDepth::None];

fn coloured_palettes() -> Vec<(&'static str, Palette)> {
    let palettes: Vec<_> = BUILT_IN
        .into_iter()
        .filter_map(|(name, text)| {
            let file = ThemeFile::parse(&TomlSource { file: name, text }).expect("built-in themes are valid");
            (file.colours != Some(false)).then(|| {
                (
                    name,
                    Palette::try_new(|role| file.palette[role as usize])
                        .expect("built-in themes are complete"),
                )
            })
        })
        .collect();
    assert_eq!(palettes.len(), 3);
    palettes
}

fn load(name: &str, depth: ColourDepth) -> Theme {
    ThemeStore::default().load(name, depth).expect("built-in themes load")
}

fn folder(files: &[(&str, &str)]) -> (TempDir, ThemeStore) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (name, text) in files {
        fs::write(folder.path().join(name), text).expect("writable");
    }
    let store = ThemeStore::new(Some(folder.path().to_owned()));
    (folder, store)
}

#[test]
fn every_file_in_the_themes_folder_is_built_in_and_loads_at_every_depth() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("themes");
    let mut files: Vec<_> = fs::read_dir(folder)
        .expect("themes/ is there")
        .map(|entry| entry.expect("readable").file_name().into_string().expect("plain names"))
        .collect();
    files.sort();
    let mut built_in: Vec<_> = BUILT_IN.iter().map(|(name, _)| format!("{name}.toml")).collect();
    built_in.sort();
    assert_eq!(files, built_in);
    for (name, _) in BUILT_IN {
        for depth in DEPTHS {
            assert_eq!(load(name, depth).name(), name);
        }
    }
}

#[test]
fn text_is_readable_on_every_surface() {
    for (name, palette) in coloured_palettes() {
        for surface in [Role::Background, Role::Surface] {
            for role in Role::ALL.into_iter().filter(|role| !matches!(role, Role::Background | Role::Surface))
            {
                let contrast = palette.get(role).contrast(palette.get(surface));
                assert!(contrast >= 4.5, "{name}: {role:?} on {surface:?} is {contrast:.2}");
            }
            for (step, colour) in palette.ramp().into_iter().enumerate() {
                let contrast = colour.contrast(palette.get(surface));
                assert!(contrast >= 4.5, "{name}: ramp step {step} on {surface:?} is {contrast:.2}");
            }
        }
    }
}

#[test]
fn text_is_readable_on_a_selected_row() {
    for (name, palette) in coloured_palettes() {
        let Some(Color::Rgb(r, g, b)) = load(name, ColourDepth::True).selected_row().bg else {
            panic!("{name} has no selection")
        };
        for role in [Role::Text, Role::Dim, Role::Accent, Role::RampLow] {
            let contrast = palette.get(role).contrast(Rgb::new(r, g, b));
            assert!(contrast >= 3.0, "{name}: {role:?} on a selected row is {contrast:.2}");
        }
    }
}

#[test]
fn a_more_likely_token_is_further_from_the_background() {
    for (name, palette) in coloured_palettes() {
        let background = palette.get(Role::Background);
        let contrasts = palette.ramp().map(|colour| colour.contrast(background));
        for pair in contrasts.windows(2) {
            assert!(pair[1] > pair[0] * 1.05, "{name}: {contrasts:.2?}");
        }
    }
}

#[test]
fn the_ramp_has_its_steps_where_the_documentation_says() {
    let theme = load("dark", ColourDepth::True);
    let step = |index| theme.ramp_step(index);
    assert_eq!(theme.probability(0.124_9), step(0));
    assert_eq!(theme.probability(0.125), step(1));
    assert_eq!(theme.probability(0.5), step(4));
    assert_eq!(theme.probability(1.0), step(7));
    assert_eq!([theme.probability(f64::NAN), theme.probability(-1.0)], [step(0); 2]);
    assert_eq!([theme.probability(f64::INFINITY), theme.probability(2.0)], [step(7); 2]);

    assert_eq!([theme.entropy(0.0), theme.entropy(0.99), theme.entropy(-0.0)], [step(7); 3]);
    assert_eq!([theme.entropy(1.0), theme.entropy(6.5)], [step(6), step(1)]);
    assert_eq!([theme.entropy(7.0), theme.entropy(f64::INFINITY), theme.entropy(f64::NAN)], [step(0); 3]);

    let ranks =
        [(1, 7), (2, 6), (3, 5), (4, 5), (5, 4), (8, 4), (9, 3), (64, 1), (65, 0), (usize::MAX, 0), (0, 7)];
    for (rank, expected) in ranks {
        assert_eq!(theme.rank(rank), step(expected), "rank {rank}");
    }
}

#[test]
fn without_colours_no_style_has_one_and_levels_differ_by_modifier() {
    let theme = load("dark", ColourDepth::None);
    assert!(theme.is_monochrome());
    assert_eq!(theme, Theme::monochrome("dark"));
    let styles = all_styles(&theme);
    assert!(styles.iter().all(|style| style.fg.is_none() && style.bg.is_none()), "{styles:?}");
    let levels = [0.0, 0.3, 0.6, 0.9].map(|p| theme.probability(p).add_modifier);
    assert_eq!(levels, [Modifier::DIM | Modifier::ITALIC, Modifier::DIM, Modifier::empty(), Modifier::BOLD]);
}

#[test]
fn what_must_be_told_apart_is_reported_apart_at_every_depth() {
    for (name, _) in BUILT_IN {
        for depth in DEPTHS {
            let theme = load(name, depth);
            let pairs = [
                ("neighbouring tokens", theme.generated_token(false), theme.generated_token(true)),
                ("neighbouring prompt tokens", theme.prompt_token(false), theme.prompt_token(true)),
                ("prompt and generated", theme.prompt_token(false), theme.generated_token(false)),
                ("focused and other titles", theme.title(true), theme.title(false)),
                ("focused and other frames", theme.border(true), theme.border(false)),
                ("bars", theme.bar_raw(), theme.bar_final()),
                ("cut and final bars", theme.bar_cut(), theme.bar_final()),
                ("chosen and others", theme.chosen(), theme.text()),
                ("knobs", theme.slider_knob(true), theme.slider_knob(false)),
                ("prompt and generated cells", theme.kv_prompt(), theme.kv_generated()),
                ("cells and free cells", theme.kv_generated(), theme.kv_free()),
                ("the cursor", theme.cursor(), theme.generated_token(true)),
                ("likely and unlikely", theme.probability(1.0), theme.probability(0.0)),
                ("the selected row", theme.selected_row(), Style::new()),
                ("active tab", theme.tab(true), theme.tab(false)),
            ];
            for (what, one, other) in pairs {
                assert_ne!(one, other, "{name} at {depth:?}: {what}");
            }
        }
    }
}

#[test]
fn distinctions_survive_without_seeing_colour() {
    let theme = load("dark", ColourDepth::True);
    let bold = |style: Style| style.add_modifier.contains(Modifier::BOLD);
    assert!(bold(theme.chosen()) && bold(theme.title(true)) && bold(theme.cursor()));
    assert!(theme.prompt_token(false).add_modifier.contains(Modifier::ITALIC));
    assert!(!theme.generated_token(false).add_modifier.contains(Modifier::ITALIC));
}

#[test]
fn nothing_vanishes_into_the_background_with_few_colours() {
    for (name, _) in coloured_palettes() {
        for depth in [ColourDepth::Ansi256, ColourDepth::Ansi16] {
            let theme = load(name, depth);
            let background = theme.base().bg;
            for style in all_styles(&theme).into_iter().filter(|style| style.bg.is_none()) {
                assert!(style.fg.is_none() || style.fg != background, "{name} at {depth:?}: {style:?}");
            }
        }
    }
}

fn all_styles(theme: &Theme) -> Vec<Style> {
    let both = [true, false];
    let mut styles = vec![
        theme.base(),
        theme.text(),
        theme.strong(),
        theme.dim(),
        theme.computed(),
        theme.bar_raw(),
        theme.bar_final(),
        theme.bar_cut(),
        theme.cut(),
        theme.cut_label(),
        theme.chosen(),
        theme.cursor(),
        theme.withheld(),
        theme.nucleus_line(),
        theme.ruler(),
        theme.pointer(),
        theme.good(),
        theme.warning(),
        theme.error(),
        theme.stop_reason(),
        theme.key(),
        theme.key_label(),
        theme.slider_track(),
        theme.slider_changed(),
        theme.kv_prompt(),
        theme.kv_generated(),
        theme.kv_free(),
        theme.sparkline(),
        theme.selected_row(),
        theme.search_match(),
        theme.overlay(),
    ];
    for flag in both {
        styles.extend([theme.title(flag), theme.border(flag), theme.tab(flag), theme.slider_knob(flag)]);
        styles.extend([theme.slider_filled(flag), theme.prompt_token(flag), theme.generated_token(flag)]);
    }
    styles.extend((0..RAMP_STEPS).map(|step| theme.ramp_step(step)));
    styles
}

#[test]
fn a_users_theme_changes_one_colour_of_another() {
    let (_folder, store) = folder(&[
        ("mine.toml", "inherits = \"light\"\n[palette]\naccent = \"#ff0000\"\n"),
        ("notes.txt", "not a theme"),
    ]);
    assert_eq!(store.names(), ["dark", "light", "high-contrast", "monochrome", "mine"]);
    assert_eq!((store.after("monochrome"), store.after("mine")), ("mine".to_owned(), "dark".to_owned()));
    assert_eq!(store.after("gone"), "dark");
    let (mine, light) =
        (store.load("mine", ColourDepth::True).expect("valid"), load("light", ColourDepth::True));
    assert_eq!(mine.key().fg, Some(Color::Rgb(255, 0, 0)));
    assert_eq!(mine.text(), light.text());
}

#[test]
fn a_users_theme_may_refine_the_built_in_one_of_its_name() {
    let (_folder, store) = folder(&[("dark.toml", "inherits = \"dark\"\n[palette]\naccent = \"#ff0000\"\n")]);
    let theme = store.load("dark", ColourDepth::True).expect("valid");
    assert_eq!(theme.key().fg, Some(Color::Rgb(255, 0, 0)));
    assert_eq!(theme.text(), load("dark", ColourDepth::True).text());
    assert_eq!(store.names().len(), 4, "the name is listed once");
}

#[test]
fn what_is_wrong_between_themes_is_said() {
    let (folder, store) = folder(&[
        ("a.toml", "inherits = \"b\"\n"),
        ("b.toml", "# first\ninherits = \"a\"\n"),
        ("self.toml", "inherits = \"self\"\n"),
        ("half.toml", "[palette]\nbackground = \"#000000\"\n"),
        ("orphan.toml", "\ninherits = \"nobody\"\n"),
    ]);
    let path = |name: &str| folder.path().join(name).display().to_string();
    let error = |name| store.load(name, ColourDepth::True).expect_err("refused").to_string();
    let known = "dark, light, high-contrast, monochrome, a, b, half, orphan, self";
    assert_eq!(
        error("a"),
        format!("{}, line 2: themes inherit in a circle: a → b → a; remove one `inherits`", path("b.toml"))
    );
    assert_eq!(
        error("self"),
        format!(
            "{}, line 1: themes inherit in a circle: self → self; remove one `inherits`",
            path("self.toml")
        )
    );
    assert_eq!(
        error("half"),
        format!(
            "{}: the colour `palette.surface` is missing; set it, or add `inherits = \"dark\"`",
            path("half.toml")
        )
    );
    assert_eq!(
        error("orphan"),
        format!("{}, line 2: there is no theme `nobody`; the themes are {known}", path("orphan.toml"))
    );
    assert_eq!(
        error("night"),
        format!("the setting `theme`: there is no theme `night`; the themes are {known}")
    );
    assert_eq!(
        error("../a"),
        format!("the setting `theme`: there is no theme `../a`; the themes are {known}"),
        "no name leads out of the folder"
    );
}

#[test]
fn a_theme_that_cannot_be_read_is_named() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::create_dir(folder.path().join("x.toml")).expect("writable");
    let store = ThemeStore::new(Some(folder.path().to_owned()));
    let error = store.load("x", ColourDepth::True).expect_err("a folder is no file").to_string();
    let expected = format!("theme {} cannot be read: ", folder.path().join("x.toml").display());
    assert!(error.starts_with(&expected), "{error}");
}

#[test]
fn a_missing_folder_is_an_empty_one() {
    let store = ThemeStore::new(Some("/nonexistent/themes".into()));
    assert_eq!(store.names().len(), 4);
    assert!(store.load("dark", ColourDepth::True).is_ok());
}
