/** What tokens go through on WebGPU, under the names of the loops. Loaded with the engine. */
import './attention';
import './gelu';
import './layerNorm';
import './rows';
