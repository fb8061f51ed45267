//! The memory that models can lie in on this machine.

use llama_cpp_2::{LlamaBackendDeviceType, list_llama_ggml_backend_devices};

use super::load::backend;

/// The memory of a device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Memory {
    /// `memory` for the machine's own, else the GPU's name.
    pub name: String,
    /// Bytes of it in all, as far as this process may use them.
    pub total: u64,
}

/// The machine's own memory, and that of each GPU that llama.cpp found. What llama.cpp does not tell is left out.
#[must_use]
pub fn memory() -> Vec<Memory> {
    use LlamaBackendDeviceType::{Cpu, Gpu, IntegratedGpu};
    backend();
    let devices = list_llama_ggml_backend_devices().into_iter().filter(|device| device.memory_total > 0);
    let known = devices.filter_map(|device| {
        let total = device.memory_total as u64;
        match device.device_type {
            Cpu => {
                Some(Memory { name: "memory".into(), total: allowed().map_or(total, |most| total.min(most)) })
            }
            Gpu | IntegratedGpu => Some(Memory { name: device.description, total }),
            _ => None,
        }
    });
    let mut memory: Vec<Memory> = known.collect();
    memory.sort_by_key(|memory| memory.name != "memory");
    memory
}

/// What a container lets its processes have, where it says so (Linux's control groups).
fn allowed() -> Option<u64> {
    std::fs::read_to_string("/sys/fs/cgroup/memory.max").ok()?.trim().parse().ok()
}
