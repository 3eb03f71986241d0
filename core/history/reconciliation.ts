/** What was found when the service's list was held against the audit trail; registration IDs. */
export interface Reconciliation {
  /** In the audit trail, but not in the books of any line: built beyond the order. */
  readonly overproduced: readonly string[];
  /** Enrolled or registered, but nobody saw an identity go into them. */
  readonly unaudited: readonly string[];
  /** Enrolled or registered, although the board was scrapped or rejected. */
  readonly scrapped: readonly string[];
}
