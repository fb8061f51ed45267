//! A mixture's experts: what llama.cpp asserts about their numbers when it loads a model.

use super::{architecture, error::Fault, metadata::Metadata};

/// llama.cpp's `LLAMA_MAX_EXPERTS`.
const MOST: u32 = 1024;

/// Checks the numbers of experts of a model of `layers` blocks.
pub(super) fn check(metadata: &Metadata, arch: &str, layers: u32) -> Result<(), Fault> {
    let key = |name: &str| format!("{arch}.{name}");
    let count_key = key("expert_count");
    let mut count = metadata.u32(&count_key)?.unwrap_or(0);
    let mut used =
        metadata.per_layer(&key("expert_used_count"), layers)?.and_then(|used| used.into_iter().max());
    // llama.cpp takes a single expert of these for none.
    if matches!(arch, "hunyuan_vl" | "hunyuan-dense") && count <= 1 {
        count = 0;
        used = None;
    }
    if count > MOST {
        return Err(bad(count_key, count, format!("at most {MOST}")));
    }
    let used = used.unwrap_or(0);
    if used > count {
        return Err(bad(key("expert_used_count"), used, format!("at most {count}, the number of experts")));
    }
    if count > 0 && used == 0 {
        return Err(bad(key("expert_used_count"), used, format!("at least 1, as there are {count} experts")));
    }
    if count == 0 && architecture::needs_experts(arch) {
        return Err(bad(count_key, count, format!("at least 1 for a {arch} model")));
    }
    check_groups(metadata, arch, count)
}

fn check_groups(metadata: &Metadata, arch: &str, count: u32) -> Result<(), Fault> {
    let groups_key = format!("{arch}.expert_group_count");
    let used_key = format!("{arch}.expert_group_used_count");
    let groups = metadata.u32(&groups_key)?.unwrap_or(0);
    let used = metadata.u32(&used_key)?.unwrap_or(0);
    if groups > 0 && groups >= count {
        return Err(bad(groups_key, groups, format!("less than {count}, the number of experts")));
    }
    if groups > 1 {
        if !count.is_multiple_of(groups) {
            return Err(bad(groups_key, groups, format!("a divisor of {count}, the number of experts")));
        }
        if !(1..groups).contains(&used) {
            return Err(bad(used_key, used, format!("1 to {}", groups - 1)));
        }
    }
    Ok(())
}

fn bad(key: String, found: u32, expected: String) -> Fault {
    Fault::BadValue { key, found: found.to_string(), expected }
}
