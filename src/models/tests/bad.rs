//! What folders can hold that no store put there.

use super::*;
use crate::models::walk::Walk;

#[test]
fn folders_that_are_not_there_hold_nothing() {
    let gone = || vec![PathBuf::from("/does/not/exist")];
    let places = Places {
        loaded: None,
        named: None,
        file: Some("/does/not/exist/m.gguf".into()),
        own: gone(),
        recent: gone(),
        current: Some("/does/not/exist".into()),
        hugging_face: gone(),
        llama_cpp: gone(),
        ollama: gone(),
        lm_studio: gone(),
    };
    assert_eq!(find(&places), Vec::<FoundModel>::new());
}

#[test]
fn a_folder_is_no_model_and_a_file_no_folder() {
    let disk = Disk::new();
    disk.file("m.gguf/inside.gguf", 1).file("models", 1);
    assert_eq!(names(&disk.current()), Vec::<String>::new());
    let places = Places { hugging_face: vec![disk.path("models")], ..Places::default() };
    assert_eq!(find(&places), []);
}

#[cfg(unix)]
#[test]
fn broken_links_are_left_out_and_a_file_is_listed_once() {
    let disk = Disk::new();
    disk.file("m.gguf", 6).link("gone.gguf", "nowhere").link("self.gguf", "self.gguf");
    disk.link("models/again.gguf", "../m.gguf");
    let places = Places { llama_cpp: vec![disk.path("")], ..disk.current() };
    assert_eq!(listed(&places), [("m.gguf".to_owned(), 6)]);
    assert_eq!(find(&places)[0].place, Place::CurrentFolder);
}

#[cfg(unix)]
#[test]
fn links_in_a_circle_end() {
    let disk = Disk::new();
    disk.file("org/repo/m.gguf", 1).link("org/repo/up", "../..").link("org/here", ".");
    let places = Places { lm_studio: vec![disk.path("")], ..Places::default() };
    assert_eq!(names(&places), ["org/repo m.gguf"]);
    assert_eq!(Walk::new().files(&disk.path(""), 50), [disk.path("org/repo/m.gguf")]);
}

#[cfg(unix)]
#[test]
fn a_pipe_is_never_opened() {
    let disk = Disk::new();
    disk.file("snapshots", 0).file("models--o--r/snapshots/a/m.gguf", 1);
    let pipe = |path: &str| {
        let path = disk.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        rustix::fs::mkfifoat(rustix::fs::CWD, &path, rustix::fs::Mode::RWXU).unwrap();
    };
    pipe("models--o--r/refs/main");
    pipe("models--o--r/snapshots/a/pipe.gguf");
    pipe("manifests/registry.ollama.ai/library/pipe/latest");
    let here = || vec![disk.path("")];
    let places = Places { hugging_face: here(), ollama: here(), ..Places::default() };
    assert_eq!(names(&places), ["o/r m.gguf"]);
}

#[cfg(target_os = "linux")]
#[test]
fn a_name_that_is_not_utf_8_is_listed_with_marks_for_its_bytes() {
    use std::{ffi::OsStr, os::unix::ffi::OsStrExt};
    let disk = Disk::new();
    let path = disk.path("").join(OsStr::from_bytes(b"m\xff.gguf"));
    fs::write(&path, b"x").unwrap();
    let found = find(&disk.current());
    assert_eq!((found[0].name.as_str(), &found[0].path), ("m\u{fffd}.gguf", &path));
}

#[cfg(unix)]
#[test]
fn an_unreadable_folder_hides_only_what_is_in_it() {
    use std::os::unix::fs::PermissionsExt;
    let disk = Disk::new();
    disk.file("org/closed/m.gguf", 1).file("org/open/n.gguf", 1);
    let closed = disk.path("org/closed");
    let set = |mode| fs::set_permissions(&closed, fs::Permissions::from_mode(mode)).unwrap();
    set(0o000);
    let places = Places { lm_studio: vec![disk.path("")], ..Places::default() };
    let found = names(&places);
    let can_read = fs::read_dir(&closed).is_ok();
    set(0o755);
    // The superuser reads it all the same.
    let expected: &[&str] =
        if can_read { &["org/closed m.gguf", "org/open n.gguf"] } else { &["org/open n.gguf"] };
    assert_eq!(found, expected);
}

#[test]
fn a_walk_is_bounded_in_depth_and_in_entries() {
    let disk = Disk::new();
    for i in 0..30 {
        disk.file(&format!("{i:02}.gguf"), 0);
    }
    assert_eq!(Walk::with_entries(20).files(&disk.path(""), 1).len(), 20);
    let disk = Disk::new();
    disk.file("1/2/3/m.gguf", 1);
    assert_eq!(Walk::new().files(&disk.path(""), 3), Vec::<PathBuf>::new());
    assert_eq!(Walk::new().files(&disk.path(""), 4), [disk.path("1/2/3/m.gguf")]);
    let mut walk = Walk::with_entries(2);
    assert_eq!(
        walk.files(&disk.path(""), 9),
        Vec::<PathBuf>::new(),
        "the bound holds over all folders together"
    );
}

#[test]
fn a_part_count_in_a_name_does_not_make_work() {
    let disk = Disk::new();
    disk.file("m-00001-of-4000000000.gguf", 1);
    assert_eq!(names(&disk.current()), Vec::<String>::new());
}
