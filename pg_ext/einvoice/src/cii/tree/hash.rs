// Where a name stands in the table of names. The build script makes the table with the same function.

/// Slots of the table: a power of two, more than three times the names of D16B.
pub(crate) const SLOTS: usize = 2048;

/// The slot where the search for a name begins: its first, middle and last letters and its length, mixed.
pub(crate) fn hash(name: &[u8]) -> usize {
    let length = name.len() as u64;
    let word = |at: usize| {
        let eight = name.get(at..).and_then(<[u8]>::first_chunk::<8>);
        eight.map_or(0, |eight| u64::from_le_bytes(*eight))
    };
    let mixed = if name.len() < 8 {
        let shift = |sum: u64, byte: &u8| (sum << 8) | u64::from(*byte);
        name.iter().fold(0, shift)
    } else {
        let last = word(name.len() - 8);
        word(0) ^ word(name.len() / 2 - 4).rotate_left(21) ^ last.rotate_left(43)
    };
    let spread = (mixed ^ length).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    // The upper eleven bits: as many as the table has slots.
    (spread >> 53) as usize
}
