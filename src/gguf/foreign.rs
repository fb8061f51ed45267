//! Recognising what people save under a .gguf name that is no GGUF.

/// How many bytes of the beginning tell.
pub(super) const LOOKED_AT: usize = 512;

/// Something that is not GGUF. Shown as a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Foreign {
    /// A web page: a login, a licence to accept, an error.
    #[error(
        "this is a web page, not a model: the server answered with a page (a login, a licence to accept, an error); open the address in a browser, or use the download link of the file"
    )]
    WebPage,
    /// A JSON file, such as an error of an API or a model's `config.json`.
    #[error(
        "this is a JSON file, not a model: perhaps an error message of the server, or config.json; get the .gguf file"
    )]
    Json,
    /// The pointer that git keeps instead of a large file.
    #[error(
        "this is a git-lfs pointer, not the model itself; run \"git lfs pull\" in its folder, or download the file"
    )]
    GitLfsPointer,
    /// A safetensors model.
    #[error(
        "this is a safetensors file, which llama.cpp does not load; get a GGUF of the same model, or convert it with \
         llama.cpp's convert_hf_to_gguf.py"
    )]
    Safetensors,
    /// A ZIP, which `PyTorch`'s checkpoints are too.
    #[error(
        "this is a ZIP archive (PyTorch checkpoints are too), not a GGUF; unpack it, or get a GGUF of the model"
    )]
    Zip,
    /// A gzip, xz, zstd, bzip2, 7z or RAR file.
    #[error("this is a compressed file; unpack it and name the .gguf file in it")]
    Compressed,
    /// A Python pickle, as older `PyTorch` checkpoints are.
    #[error("this is a PyTorch checkpoint, which llama.cpp does not load; get a GGUF of the same model")]
    Pickle,
    /// A model in one of the formats before GGUF.
    #[error(
        "this is a model in the GGML format that llama.cpp dropped in 2023; get a GGUF of the same model"
    )]
    Ggml,
    /// Space that a download set aside and did not fill.
    #[error(
        "the file begins with nothing but zeros: a download that reserved the space but never filled it; download it again"
    )]
    Zeros,
    /// Some other text.
    #[error("this is a text file, not a model; name a .gguf file")]
    Text,
    /// Anything else.
    #[error(
        "this is not a GGUF file: it does not begin with the letters GGUF; get a GGUF of the model, or download it again"
    )]
    Unknown,
}

impl Foreign {
    /// What a file is that begins with `start` (up to [`LOOKED_AT`] bytes) and is not GGUF.
    pub(super) fn recognise(start: &[u8]) -> Self {
        Self::by_magic(start).or_else(|| Self::by_text(start)).unwrap_or(Self::Unknown)
    }

    fn by_magic(start: &[u8]) -> Option<Self> {
        const COMPRESSED: [&[u8]; 6] =
            [b"\x1f\x8b", b"\xfd7zXZ\0", b"\x28\xb5\x2f\xfd", b"BZh", b"7z\xbc\xaf\x27\x1c", b"Rar!"];
        // The names of the old formats, as a little-endian number of four letters.
        const OLD: [&[u8]; 4] = [b"lmgg", b"fmgg", b"tjgg", b"algg"];
        if start.starts_with(b"PK\x03\x04") {
            return Some(Self::Zip);
        }
        if COMPRESSED.iter().any(|magic| start.starts_with(magic)) {
            return Some(Self::Compressed);
        }
        if OLD.iter().any(|magic| start.starts_with(magic)) {
            return Some(Self::Ggml);
        }
        if matches!(start, [0x80, 2..=5, ..]) {
            return Some(Self::Pickle);
        }
        if is_safetensors(start) {
            return Some(Self::Safetensors);
        }
        start.iter().all(|&byte| byte == 0).then_some(Self::Zeros)
    }

    fn by_text(start: &[u8]) -> Option<Self> {
        let start = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start).trim_ascii_start();
        if start.starts_with(b"version https://git-lfs") {
            return Some(Self::GitLfsPointer);
        }
        let is_text = std::str::from_utf8(start).map_or_else(
            // The window may end within a character.
            |error| error.error_len().is_none(),
            |_| true,
        ) && start.iter().all(|&byte| !byte.is_ascii_control() || byte.is_ascii_whitespace());
        match start.first() {
            Some(b'<') if is_text => Some(Self::WebPage),
            Some(b'{' | b'[') if is_text => Some(Self::Json),
            _ => is_text.then_some(Self::Text),
        }
    }
}

/// A safetensors file begins with the length of its JSON header, eight bytes, and the JSON.
fn is_safetensors(start: &[u8]) -> bool {
    const LONGEST_HEADER: u64 = 100 << 20;
    let Some((length, json)) = start.split_first_chunk::<8>() else {
        return false;
    };
    json.first() == Some(&b'{') && (2..=LONGEST_HEADER).contains(&u64::from_le_bytes(*length))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everyday_mistakes_are_recognised() {
        let cases: [(&[u8], Foreign); 15] = [
            (b"<!DOCTYPE html>\n<html><head>", Foreign::WebPage),
            (b"\xef\xbb\xbf\r\n  <html lang=\"en\">", Foreign::WebPage),
            (b"<?xml version=\"1.0\"?><Error><Code>AccessDenied", Foreign::WebPage),
            (b"{\"error\":\"Repository not found\"}", Foreign::Json),
            (b"version https://git-lfs.github.com/spec/v1\noid sha256:0a", Foreign::GitLfsPointer),
            (b"\x40\x01\0\0\0\0\0\0{\"__metadata__\":{", Foreign::Safetensors),
            (b"PK\x03\x04\0\0\x08\x08archive/data.pkl", Foreign::Zip),
            (b"\x1f\x8b\x08\0", Foreign::Compressed),
            (b"\x28\xb5\x2f\xfd\x04", Foreign::Compressed),
            (b"\x80\x02\x8a\x0a", Foreign::Pickle),
            (b"tjgg\x03\0\0\0", Foreign::Ggml),
            (&[0; 512], Foreign::Zeros),
            (b"Access denied\n", Foreign::Text),
            (b"model not found \xc3", Foreign::Text),
            (b"\x7fELF\x02\x01\x01\0", Foreign::Unknown),
        ];
        for (start, expected) in cases {
            assert_eq!(Foreign::recognise(start), expected, "{}", start.escape_ascii());
        }
    }
}
