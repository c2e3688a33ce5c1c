/**
 * The bodies of the IAU_2015 authority: derived from PROJ proj.db (MIT) / IAU WGCCRE 2015 (Archinal et al. 2018,
 * Celest. Mech. Dyn. Astr. 130:22). Radii in metres. From these rows and the rules in iau.ts the whole authority follows.
 */

/** A spheroid: semi-axes in metres, a >= b. Equal axes make it a sphere. */
export interface Ellipsoid {
  readonly a: number;
  readonly b: number;
}

/** The planetographic set of a body (bases 1 and 2 of its codes): its spheroid and the sense of planetographic longitude. */
export interface Ographic extends Ellipsoid {
  readonly longitude: 'west' | 'east';
}

/** One body of the authority. `ographic` is null where the body is known as a sphere only. */
export interface Body {
  /** NAIF id; codes are naif * 100 + suffix. */
  readonly naif: number;
  readonly name: string;
  /** Radius of the sphere of base 0: a for biaxial bodies, else the IAU mean radius, else (a + b + c) / 3. */
  readonly radius: number;
  readonly ographic: Ographic | null;
}

function body(naif: number, name: string, radius: number, ographic: Ographic | null = null): Body {
  return Object.freeze({ naif, name, radius, ographic: ographic === null ? null : Object.freeze(ographic) });
}

/** All 97 bodies by ascending NAIF id. */
export const BODIES: readonly Body[] = Object.freeze([
  body(10, 'Sun', 695700000),
  body(199, 'Mercury', 2440530, { a: 2440530, b: 2438260, longitude: 'west' }),
  body(299, 'Venus', 6051800),
  body(301, 'Moon', 1737400),
  body(399, 'Earth', 6378136.6, { a: 6378136.6, b: 6356751.9, longitude: 'east' }),
  body(401, 'Phobos', 11080),
  body(402, 'Deimos', 6200),
  body(499, 'Mars', 3396190, { a: 3396190, b: 3376200, longitude: 'west' }),
  body(501, 'Io', 1821490),
  body(502, 'Europa', 1560800),
  body(503, 'Ganymede', 2631200, { a: 2631200, b: 2631200, longitude: 'west' }),
  body(504, 'Callisto', 2410300, { a: 2410300, b: 2410300, longitude: 'west' }),
  body(505, 'Amalthea', 83500),
  body(506, 'Himalia', 85000),
  body(507, 'Elara', 40000),
  body(508, 'Pasiphae', 18000),
  body(509, 'Sinope', 14000),
  body(510, 'Lysithea', 12000),
  body(511, 'Carme', 15000),
  body(512, 'Ananke', 10000),
  body(513, 'Leda', 5000),
  body(514, 'Thebe', 49300),
  body(515, 'Adrastea', 8200),
  body(516, 'Metis', 21500),
  body(599, 'Jupiter', 71492000, { a: 71492000, b: 66854000, longitude: 'west' }),
  body(601, 'Mimas', 198200),
  body(602, 'Enceladus', 252100),
  body(603, 'Tethys', 531000),
  body(604, 'Dione', 561400),
  body(605, 'Rhea', 763500),
  body(606, 'Titan', 2575000),
  body(607, 'Hyperion', 135000),
  body(608, 'Iapetus', 745700, { a: 745700, b: 712100, longitude: 'west' }),
  body(609, 'Phoebe', 106500),
  body(610, 'Janus', 89200),
  body(611, 'Epimetheus', 58200),
  body(612, 'Helene', 18000),
  body(613, 'Telesto', 12400),
  body(614, 'Calypso', 9600),
  body(615, 'Atlas', 15100),
  body(616, 'Prometheus', 43100),
  body(617, 'Pandora', 40600),
  body(618, 'Pan', 14000),
  body(632, 'Methone', 1450),
  body(633, 'Pallene', 2230),
  body(634, 'Polydeuces', 1300),
  body(635, 'Daphnis', 3800),
  body(649, 'Anthe', 500),
  body(653, 'Aegaeon', 330),
  body(699, 'Saturn', 60268000, { a: 60268000, b: 54364000, longitude: 'west' }),
  body(701, 'Ariel', 578900),
  body(702, 'Umbriel', 584700),
  body(703, 'Titania', 788900),
  body(704, 'Oberon', 761400),
  body(705, 'Miranda', 235800),
  body(706, 'Cordelia', 13000),
  body(707, 'Ophelia', 15000),
  body(708, 'Bianca', 21000),
  body(709, 'Cressida', 31000),
  body(710, 'Desdemona', 27000),
  body(711, 'Juliet', 42000),
  body(712, 'Portia', 54000),
  body(713, 'Rosalind', 27000),
  body(714, 'Belinda', 33000),
  body(715, 'Puck', 77000),
  body(799, 'Uranus', 25559000, { a: 25559000, b: 24973000, longitude: 'east' }),
  body(801, 'Triton', 1352600),
  body(802, 'Nereid', 170000),
  body(803, 'Naiad', 29000, { a: 29000, b: 29000, longitude: 'west' }),
  body(804, 'Thalassa', 40000, { a: 40000, b: 40000, longitude: 'west' }),
  body(805, 'Despina', 74000, { a: 74000, b: 74000, longitude: 'west' }),
  body(806, 'Galatea', 79000, { a: 79000, b: 79000, longitude: 'west' }),
  body(807, 'Larissa', 96000, { a: 96000, b: 89000, longitude: 'west' }),
  body(808, 'Proteus', 208000),
  body(899, 'Neptune', 24764000, { a: 24764000, b: 24341000, longitude: 'west' }),
  body(901, 'Charon', 606000),
  body(999, 'Pluto', 1188300),
  body(1000005, 'Borrelly', 4220),
  body(1000012, 'Churyumov-Gerasimenko', 1650),
  body(1000036, 'Halley', 8000, { a: 8000, b: 4000, longitude: 'east' }),
  body(1000041, 'Hartley 2', 580),
  body(1000093, 'Tempel 1', 3000),
  body(1000107, 'Wild 2', 1975),
  body(2000001, 'Ceres', 487300, { a: 487300, b: 446000, longitude: 'east' }),
  body(2000004, 'Vesta', 255000),
  body(2000016, 'Psyche', 113000),
  body(2000021, 'Lutetia', 52500),
  body(2000052, '52 Europa', 157500),
  body(2000216, 'Kleopatra', 65333.333333),
  body(2000253, 'Mathilde', 26500),
  body(2000433, 'Eros', 17000, { a: 17000, b: 5500, longitude: 'east' }),
  body(2000511, 'Davida', 150000),
  body(2002867, 'Steins', 2700),
  body(2004179, 'Toutatis', 1331.666667),
  body(2025143, 'Itokawa', 173),
  body(2431010, 'Ida', 15650),
  body(9511010, 'Gaspra', 6100),
]);

const BY_NAIF: ReadonlyMap<number, Body> = new Map(BODIES.map((entry) => [entry.naif, entry]));
const BY_NAME: ReadonlyMap<string, Body> = new Map(BODIES.map((entry) => [entry.name.toLowerCase(), entry]));

/** The body with this NAIF id, or null. */
export function bodyOfNaif(naif: number): Body | null {
  return BY_NAIF.get(naif) ?? null;
}

/** The body with this name, whatever its case, or null. */
export function bodyOfName(name: string): Body | null {
  return BY_NAME.get(name.trim().toLowerCase()) ?? null;
}
