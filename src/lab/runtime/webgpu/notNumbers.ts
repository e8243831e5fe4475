/**
 * Maxima in WGSL that keep NaN. The language lets a compiler take it that there is none, and what `max` or a comparison then
 * makes of one is anyone's guess; so it is known by its bits.
 */
export const KEEPING_NAN = `
fn isNoNumber(x: f32) -> bool { return (bitcast<u32>(x) & 0x7fffffffu) > 0x7f800000u; }
fn larger(a: f32, b: f32) -> f32 { return select(select(max(a, b), b, isNoNumber(b)), a, isNoNumber(a)); }
fn relu(z: f32) -> f32 { return select(max(0.0, z), z, isNoNumber(z)); }`;
