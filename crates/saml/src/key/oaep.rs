//! RSA-OAEP with two different hashes: the only unsafe code of the project.
//!
//! XML Encryption lets an IdP digest with SHA-256 and mask with SHA-1 (`rsa-oaep-mgf1p` can mask
//! with nothing else), and aws-lc-rs offers pairs of equal hashes only. Its C library does both,
//! so this module calls it. Equal hashes never come here.
#![expect(unsafe_code, reason = "aws-lc-rs has no safe call for OAEP with mixed hashes")]

use std::mem::MaybeUninit;
use std::ptr;

use aws_lc_sys as c;

use super::DigestAlgorithm;

/// A private key as the C library keeps it: read once, used by any thread.
pub(super) struct MixedHashes(Owned<c::EVP_PKEY>);

// SAFETY: the key is not changed after it was read and is freed once. Decrypting only reads it; what
// the library keeps with it to blind RSA's powers lies behind the library's own lock, and its count
// of references is atomic.
unsafe impl Send for MixedHashes {}
// SAFETY: as above.
unsafe impl Sync for MixedHashes {}

impl MixedHashes {
    /// Reads a key in PKCS#8.
    pub(super) fn from_pkcs8_der(der: &[u8]) -> Option<Self> {
        let mut input = MaybeUninit::<c::CBS>::uninit();
        // SAFETY: `input` is initialised by `CBS_init` before it is used, and it points into `der`,
        // which outlives both calls. The result is null or a key that is ours to free.
        let key = unsafe {
            c::CBS_init(input.as_mut_ptr(), der.as_ptr(), der.len());
            Owned::new(c::EVP_parse_private_key(input.as_mut_ptr()), c::EVP_PKEY_free)?
        };
        Some(MixedHashes(key))
    }

    /// Decrypts `wrapped` into `out` and says how many bytes that gave; `None` whatever is wrong.
    pub(super) fn decrypt(
        &self,
        digest: DigestAlgorithm,
        mgf1: DigestAlgorithm,
        wrapped: &[u8],
        out: &mut [u8],
    ) -> Option<usize> {
        // SAFETY: the key is live; the context holds a reference of its own to it. A null engine
        // means the built-in implementation. The result is null or ours to free.
        let context = unsafe {
            Owned::new(c::EVP_PKEY_CTX_new(self.0.pointer, ptr::null_mut()), c::EVP_PKEY_CTX_free)?
        };
        let mut length = out.len();
        // SAFETY: `context` is live and used by this thread only. The digests are static. Each call
        // tells success by 1, and the next is made after that only, in the order the library asks
        // for. `wrapped` and `out` are valid for the lengths given with them; the library writes at
        // most `length` bytes and sets it to what it wrote.
        let decrypted = unsafe {
            c::EVP_PKEY_decrypt_init(context.pointer) == 1
                && c::EVP_PKEY_CTX_set_rsa_padding(context.pointer, c::RSA_PKCS1_OAEP_PADDING) == 1
                && c::EVP_PKEY_CTX_set_rsa_oaep_md(context.pointer, hash(digest)) == 1
                && c::EVP_PKEY_CTX_set_rsa_mgf1_md(context.pointer, hash(mgf1)) == 1
                && c::EVP_PKEY_decrypt(
                    context.pointer,
                    out.as_mut_ptr(),
                    &raw mut length,
                    wrapped.as_ptr(),
                    wrapped.len(),
                ) == 1
        };
        decrypted.then_some(length)
    }
}

fn hash(algorithm: DigestAlgorithm) -> *const c::EVP_MD {
    // SAFETY: these functions take nothing and give pointers to statics.
    unsafe {
        match algorithm {
            DigestAlgorithm::Sha1 => c::EVP_sha1(),
            DigestAlgorithm::Sha256 => c::EVP_sha256(),
            DigestAlgorithm::Sha384 => c::EVP_sha384(),
            DigestAlgorithm::Sha512 => c::EVP_sha512(),
        }
    }
}

/// Something of the library that is freed when it goes out of scope.
struct Owned<T> {
    pointer: *mut T,
    free: unsafe extern "C" fn(*mut T),
}

impl<T> Owned<T> {
    fn new(pointer: *mut T, free: unsafe extern "C" fn(*mut T)) -> Option<Self> {
        (!pointer.is_null()).then_some(Owned { pointer, free })
    }
}

impl<T> Drop for Owned<T> {
    fn drop(&mut self) {
        // SAFETY: the pointer is not null, came with this function, and is freed here only.
        unsafe { (self.free)(self.pointer) }
    }
}
