//! Follows the framing of one HTTP/1.1 connection, byte by byte, and refuses what two readers could
//! read in two ways (RFC 9112 §11.2: request smuggling).
//!
//! It does not parse requests; the HTTP library does, and resolves some ambiguities silently where
//! nobody sees them any more: a length beside chunks, the same length twice, line ends without CR.
//! Here each of them ends the connection with a 400. Whatever passes has one meaning only.
//!
//! So does what cannot stand in a request's target: the library would cut off what follows a `#`, and
//! refuse quotes and angle brackets without a word.

use memchr::memchr2;

/// Why a connection ends, and the index of the first byte that must not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refused {
    /// This byte does not stand in a target (RFC 3986 §3.3, §3.4).
    Target(usize),
    /// What follows could be read in two ways.
    Framing(usize),
}

/// Where the next byte of a connection stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum At {
    /// Before a request; empty lines may come (§2.2).
    Start,
    StartLf,
    Method,
    Target,
    /// The rest of the first line.
    RequestLine,
    RequestLineLf,
    /// The first byte of a field, or of the empty line that ends them.
    Field,
    Name,
    /// The value of a field that says nothing of framing.
    Value,
    /// The value of a field that does.
    FramingValue,
    ValueLf,
    HeadLf,
    /// This many bytes of a body are to come.
    Body(u64),
    ChunkSize {
        size: u64,
        digits: u8,
    },
    ChunkExtension(u64),
    ChunkSizeLf(u64),
    Chunk(u64),
    ChunkCr,
    ChunkLf,
}

/// A field that says how long the body is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Field {
    Other,
    ContentLength,
    TransferEncoding,
}

/// The framing of one connection so far.
#[derive(Debug)]
pub(super) struct Framing {
    at: At,
    field: Field,
    /// The name or framing value that is being read; longer ones are none of ours.
    word: [u8; LONGEST],
    length: usize,
    content_length: Option<u64>,
    chunked: bool,
    /// The fields after the last chunk.
    trailers: bool,
}

/// The longest name or value that matters here.
const LONGEST: usize = 24;

impl Framing {
    /// A connection that has just been opened.
    pub(super) fn new() -> Self {
        Framing {
            at: At::Start,
            field: Field::Other,
            word: [0; LONGEST],
            length: 0,
            content_length: None,
            chunked: false,
            trailers: false,
        }
    }

    /// Whether no request has been begun and not ended.
    pub(super) fn between_requests(&self) -> bool {
        self.at == At::Start
    }

    /// Follows the next bytes.
    ///
    /// # Errors
    /// At the first byte that must not be read.
    pub(super) fn follow(&mut self, bytes: &[u8]) -> Result<(), Refused> {
        let mut index = 0;
        while let Some(rest) = bytes.get(index..).filter(|rest| !rest.is_empty()) {
            let odd = |at: usize| Refused::Framing(index + at);
            index += match self.at {
                At::Body(left) | At::Chunk(left) => self.skip_body(left, rest.len()),
                At::RequestLine | At::Value | At::ChunkExtension(_) => {
                    self.skip_line(rest).map_err(odd)?
                }
                At::Target => self.skip_target(rest).map_err(|at| Refused::Target(index + at))?,
                At::Name => self.read_name(rest).map_err(odd)?,
                _ => {
                    self.at = self.step(rest[0]).ok_or(odd(0))?;
                    1
                }
            };
        }
        Ok(())
    }

    /// Skips to the end of the target; where the line ends with it, that is left to the line.
    fn skip_target(&mut self, rest: &[u8]) -> Result<usize, usize> {
        let Some(end) = rest.iter().position(|byte| b" \r\n\"#<>".contains(byte)) else {
            return Ok(rest.len());
        };
        if !b" \r\n".contains(&rest[end]) {
            return Err(end);
        }
        self.at = At::RequestLine;
        Ok(end)
    }

    fn skip_body(&mut self, left: u64, available: usize) -> usize {
        let taken = usize::try_from(left).map_or(available, |left| left.min(available));
        let left = left - taken as u64;
        self.at = match self.at {
            At::Body(_) if left == 0 => At::Start,
            At::Body(_) => At::Body(left),
            _ if left == 0 => At::ChunkCr,
            _ => At::Chunk(left),
        };
        taken
    }

    /// Skips to the end of a line whose content does not matter; that end is a CR.
    fn skip_line(&mut self, rest: &[u8]) -> Result<usize, usize> {
        let Some(end) = memchr2(b'\r', b'\n', rest) else { return Ok(rest.len()) };
        if rest[end] == b'\n' {
            return Err(end);
        }
        self.at = match self.at {
            At::RequestLine => At::RequestLineLf,
            At::ChunkExtension(size) => At::ChunkSizeLf(size),
            _ => At::ValueLf,
        };
        Ok(end + 1)
    }

    fn read_name(&mut self, rest: &[u8]) -> Result<usize, usize> {
        let end = rest.iter().position(|byte| !is_token(*byte)).unwrap_or(rest.len());
        for byte in &rest[..end] {
            self.keep(*byte);
        }
        match rest.get(end) {
            None => Ok(end),
            Some(b':') => {
                self.begin_value();
                Ok(end + 1)
            }
            // A space before the colon (§5.1), or no colon at all.
            Some(_) => Err(end),
        }
    }

    /// Takes one byte where each matters; `None` refuses it.
    fn step(&mut self, byte: u8) -> Option<At> {
        match (self.at, byte) {
            (At::Start, b'\r') => Some(At::StartLf),
            (At::Start, b'\n') => None,
            (At::Start, _) => Some(At::Method),
            (At::StartLf, b'\n') => Some(At::Start),
            (At::Method, b' ') => Some(At::Target),
            (At::Method, b'\r') => Some(At::RequestLineLf),
            (At::Method, byte) if byte != b'\n' => Some(At::Method),
            (At::RequestLineLf, b'\n') => Some(At::Field),
            (At::Field, b'\r') => Some(At::HeadLf),
            // A folded line (§5.2) begins with white space, which is no part of a name.
            (At::Field, byte) if is_token(byte) => {
                self.length = 0;
                self.keep(byte);
                Some(At::Name)
            }
            (At::FramingValue, b'\r') => Some(At::ValueLf),
            (At::FramingValue, byte) if byte != b'\n' && self.length < LONGEST => {
                self.keep(byte);
                Some(At::FramingValue)
            }
            (At::ValueLf, b'\n') => self.end_field(),
            (At::HeadLf, b'\n') => self.end_fields(),
            (At::ChunkSize { size, digits }, byte) => chunk_size(size, digits, byte),
            (At::ChunkSizeLf(0), b'\n') => {
                self.trailers = true;
                Some(At::Field)
            }
            (At::ChunkSizeLf(size), b'\n') => Some(At::Chunk(size)),
            (At::ChunkCr, b'\r') => Some(At::ChunkLf),
            (At::ChunkLf, b'\n') => Some(At::ChunkSize { size: 0, digits: 0 }),
            _ => None,
        }
    }

    fn keep(&mut self, byte: u8) {
        if let Some(place) = self.word.get_mut(self.length) {
            *place = byte;
        }
        self.length += 1;
    }

    fn begin_value(&mut self) {
        let name = self.word.get(..self.length).unwrap_or_default();
        self.field = if name.eq_ignore_ascii_case(b"content-length") {
            Field::ContentLength
        } else if name.eq_ignore_ascii_case(b"transfer-encoding") {
            Field::TransferEncoding
        } else {
            Field::Other
        };
        self.length = 0;
        self.at = if self.field == Field::Other { At::Value } else { At::FramingValue };
    }

    /// A framing field may stand once, and never after the body (§6.3, §6.5.1).
    fn end_field(&mut self) -> Option<At> {
        if self.field == Field::Other {
            return Some(At::Field);
        }
        let value = self.word.get(..self.length).unwrap_or_default();
        let value = value.trim_ascii();
        let once = self.content_length.is_none() && !self.chunked && !self.trailers;
        match self.field {
            Field::ContentLength => self.content_length = Some(decimal(value)?),
            _ => self.chunked = value.eq_ignore_ascii_case(b"chunked"),
        }
        (once && (self.chunked || self.content_length.is_some())).then_some(At::Field)
    }

    fn end_fields(&mut self) -> Option<At> {
        let (length, chunked) = (self.content_length.take(), self.chunked);
        self.chunked = false;
        if std::mem::take(&mut self.trailers) {
            return Some(At::Start);
        }
        match length {
            _ if chunked => Some(At::ChunkSize { size: 0, digits: 0 }),
            None | Some(0) => Some(At::Start),
            Some(length) => Some(At::Body(length)),
        }
    }
}

/// Hexadecimal digits, then an extension or the end of the line; no white space (§7.1).
fn chunk_size(size: u64, digits: u8, byte: u8) -> Option<At> {
    match byte {
        b';' if digits > 0 => Some(At::ChunkExtension(size)),
        b'\r' if digits > 0 => Some(At::ChunkSizeLf(size)),
        _ if digits < 15 => {
            let digit = char::from(byte).to_digit(16)?;
            Some(At::ChunkSize { size: size * 16 + u64::from(digit), digits: digits + 1 })
        }
        _ => None,
    }
}

fn decimal(value: &[u8]) -> Option<u64> {
    let digits = (1..=18).contains(&value.len()) && value.iter().all(u8::is_ascii_digit);
    digits.then(|| value.iter().fold(0, |sum, digit| sum * 10 + u64::from(digit - b'0')))
}

/// RFC 9110 §5.6.2.
fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

#[cfg(test)]
mod tests;
