import type { Statement } from './statement.ts';
import { T1 } from './tls/T1.ts';
import { T2 } from './tls/T2.ts';
import { T3 } from './tls/T3.ts';
import { T4 } from './tls/T4.ts';
import { T5 } from './tls/T5.ts';
import { T6 } from './tls/T6.ts';
import { T7 } from './tls/T7.ts';
import { T8 } from './tls/T8.ts';
import { T9 } from './tls/T9.ts';
import { T10 } from './tls/T10.ts';
import { T11 } from './tls/T11.ts';
import { C1 } from './connect/C1.ts';
import { C2 } from './connect/C2.ts';
import { C3 } from './connect/C3.ts';
import { C4 } from './connect/C4.ts';
import { C5 } from './connect/C5.ts';
import { C6 } from './connect/C6.ts';
import { C7 } from './connect/C7.ts';
import { C8 } from './connect/C8.ts';
import { C9 } from './connect/C9.ts';
import { C10 } from './connect/C10.ts';
import { C11 } from './connect/C11.ts';
import { R1 } from './registration/R1.ts';
import { R2 } from './registration/R2.ts';
import { R3 } from './registration/R3.ts';
import { R4 } from './registration/R4.ts';
import { R5 } from './registration/R5.ts';
import { R6 } from './registration/R6.ts';
import { R7 } from './registration/R7.ts';
import { R8 } from './registration/R8.ts';
import { R9 } from './registration/R9.ts';
import { P1 } from './polling/P1.ts';
import { P2 } from './polling/P2.ts';
import { P3 } from './polling/P3.ts';
import { P4 } from './polling/P4.ts';
import { P5 } from './polling/P5.ts';
import { P6 } from './polling/P6.ts';
import { P7 } from './polling/P7.ts';
import { P8 } from './polling/P8.ts';
import { Q1 } from './throttling/Q1.ts';
import { Q2 } from './throttling/Q2.ts';
import { Q3 } from './throttling/Q3.ts';
import { Q4 } from './throttling/Q4.ts';
import { Q5 } from './throttling/Q5.ts';
import { E1 } from './errors/E1.ts';
import { E2 } from './errors/E2.ts';
import { E3 } from './errors/E3.ts';
import { E4 } from './errors/E4.ts';
import { E5 } from './errors/E5.ts';
import { E6 } from './errors/E6.ts';
import { E7 } from './errors/E7.ts';
import { M1 } from './tpm/M1.ts';
import { M2 } from './tpm/M2.ts';
import { M3 } from './tpm/M3.ts';
import { M4 } from './tpm/M4.ts';
import { M5 } from './tpm/M5.ts';
import { I1 } from './issuance/I1.ts';
import { I2 } from './issuance/I2.ts';
import { I3 } from './issuance/I3.ts';
import { I4 } from './issuance/I4.ts';
import { I5 } from './issuance/I5.ts';
import { I6 } from './issuance/I6.ts';
import { I7 } from './issuance/I7.ts';
import { I8 } from './issuance/I8.ts';
import { I9 } from './issuance/I9.ts';
import { H1 } from './hub/H1.ts';
import { H2 } from './hub/H2.ts';
import { H3 } from './hub/H3.ts';
import { H4 } from './hub/H4.ts';
import { H5 } from './hub/H5.ts';
import { H6 } from './hub/H6.ts';
import { H7 } from './hub/H7.ts';
import { N1 } from './renewal/N1.ts';
import { N2 } from './renewal/N2.ts';
import { N3 } from './renewal/N3.ts';
import { N4 } from './renewal/N4.ts';
import { N5 } from './renewal/N5.ts';
import { N6 } from './renewal/N6.ts';
import { N7 } from './renewal/N7.ts';
import { N8 } from './renewal/N8.ts';
import { N9 } from './renewal/N9.ts';
import { N10 } from './renewal/N10.ts';
import { N11 } from './renewal/N11.ts';
import { K1 } from './tokens/K1.ts';
import { K2 } from './tokens/K2.ts';
import { K3 } from './tokens/K3.ts';
import { B1 } from './reconnect/B1.ts';
import { B2 } from './reconnect/B2.ts';
import { B3 } from './reconnect/B3.ts';
import { B4 } from './reconnect/B4.ts';
import { B5 } from './reconnect/B5.ts';
import { B6 } from './reconnect/B6.ts';
import { L1 } from './clock/L1.ts';
import { L2 } from './clock/L2.ts';
import { L3 } from './clock/L3.ts';
import { S1 } from './power/S1.ts';
import { S2 } from './power/S2.ts';
import { S3 } from './power/S3.ts';
import { S4 } from './power/S4.ts';

/** All statements, in the order of a report. */
export const statements: readonly Statement[] = [
  T1,
  T2,
  T3,
  T4,
  T5,
  T6,
  T7,
  T8,
  T9,
  T10,
  T11,
  C1,
  C2,
  C3,
  C4,
  C5,
  C6,
  C7,
  C8,
  C9,
  C10,
  C11,
  R1,
  R2,
  R3,
  R4,
  R5,
  R6,
  R7,
  R8,
  R9,
  P1,
  P2,
  P3,
  P4,
  P5,
  P6,
  P7,
  P8,
  Q1,
  Q2,
  Q3,
  Q4,
  Q5,
  E1,
  E2,
  E3,
  E4,
  E5,
  E6,
  E7,
  M1,
  M2,
  M3,
  M4,
  M5,
  I1,
  I2,
  I3,
  I4,
  I5,
  I6,
  I7,
  I8,
  I9,
  H1,
  H2,
  H3,
  H4,
  H5,
  H6,
  H7,
  N1,
  N2,
  N3,
  N4,
  N5,
  N6,
  N7,
  N8,
  N9,
  N10,
  N11,
  K1,
  K2,
  K3,
  B1,
  B2,
  B3,
  B4,
  B5,
  B6,
  L1,
  L2,
  L3,
  S1,
  S2,
  S3,
  S4,
];
