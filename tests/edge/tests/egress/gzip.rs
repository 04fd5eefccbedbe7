//! A little data that becomes much (RFC 1951 and 1952).

/// Bits in the order of deflate: the lowest of each byte first.
#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    used: u32,
}

impl Bits {
    /// A number, its lowest bit first.
    fn number(&mut self, value: u32, bits: u32) {
        for place in 0..bits {
            self.bit(value >> place & 1);
        }
    }

    /// A Huffman code, its highest bit first.
    fn code(&mut self, value: u32, bits: u32) {
        for place in (0..bits).rev() {
            self.bit(value >> place & 1);
        }
    }

    fn bit(&mut self, bit: u32) {
        if self.used.is_multiple_of(8) {
            self.bytes.push(0);
        }
        let last = self.bytes.last_mut().unwrap();
        *last |= u8::try_from(bit).unwrap() << (self.used % 8);
        self.used += 1;
    }
}

/// A gzip file of at least so many spaces.
pub(super) fn spaces(at_least: usize) -> Vec<u8> {
    let matches = at_least.div_ceil(258);
    let mut bits = Bits::default();
    // The last block, with fixed codes.
    bits.number(1, 1);
    bits.number(1, 2);
    bits.code(0b0011_0000 + u32::from(b' '), 8);
    for _ in 0..matches {
        // 258 bytes, from one byte back.
        bits.code(0b1100_0101, 8);
        bits.code(0, 5);
    }
    // The end of the block.
    bits.code(0, 7);
    let length = 1 + matches * 258;
    let mut file = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    file.extend(bits.bytes);
    file.extend(checksum(length).to_le_bytes());
    file.extend(u32::try_from(length).unwrap().to_le_bytes());
    file
}

/// CRC-32 of so many spaces.
fn checksum(length: usize) -> u32 {
    let step = |crc: u32| {
        if crc & 1 == 1 {
            crc >> 1 ^ 0xedb8_8320
        } else {
            crc >> 1
        }
    };
    let table: Vec<u32> = (0..256)
        .map(|byte| (0..8).fold(byte, |crc, _| step(crc)))
        .collect();
    !(0..length).fold(u32::MAX, |crc, _| {
        let [low, ..] = (crc ^ u32::from(b' ')).to_le_bytes();
        crc >> 8 ^ table[usize::from(low)]
    })
}
