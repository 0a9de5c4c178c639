//! Digests of what goes out in many pieces.

use aws_lc_rs::digest;

use super::DigestAlgorithm;

/// A running digest that takes small pieces cheaply.
pub(crate) struct Digest {
    context: digest::Context,
    buffer: [u8; 4096],
    filled: usize,
    length: usize,
}

impl Digest {
    pub(crate) fn new(algorithm: DigestAlgorithm) -> Self {
        let algorithm = match algorithm {
            DigestAlgorithm::Sha1 => &digest::SHA1_FOR_LEGACY_USE_ONLY,
            DigestAlgorithm::Sha256 => &digest::SHA256,
            DigestAlgorithm::Sha384 => &digest::SHA384,
            DigestAlgorithm::Sha512 => &digest::SHA512,
        };
        let context = digest::Context::new(algorithm);
        Digest { context, buffer: [0; 4096], filled: 0, length: 0 }
    }

    pub(crate) fn update(&mut self, bytes: &[u8]) {
        self.length += bytes.len();
        match self.buffer.get_mut(self.filled..self.filled + bytes.len()) {
            Some(free) => {
                free.copy_from_slice(bytes);
                self.filled += bytes.len();
            }
            None => {
                self.context.update(self.buffer.get(..self.filled).unwrap_or_default());
                self.filled = 0;
                match self.buffer.get_mut(..bytes.len()).filter(|_| bytes.len() < 1024) {
                    Some(free) => {
                        free.copy_from_slice(bytes);
                        self.filled = bytes.len();
                    }
                    None => self.context.update(bytes),
                }
            }
        }
    }

    /// The digest and how many bytes it covers.
    pub(crate) fn finish(mut self) -> (digest::Digest, usize) {
        self.context.update(self.buffer.get(..self.filled).unwrap_or_default());
        (self.context.finish(), self.length)
    }
}
