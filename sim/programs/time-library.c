/*
 * The clock of a program under test. The run loads this library into the program (LD_PRELOAD), and shares a file with it (time-page.ts).
 *
 * Every clock shows the virtual time of the file. A wait with a time limit ends when the virtual time reaches its deadline, so the run can
 * let the time jump while the program sleeps; no library for a faked clock can end a sleep that the kernel has begun. The waiting thread
 * wakes each real millisecond, looks at the file, and leaves its deadline there. So the run knows when every thread sleeps, and until when.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>

#define SECOND_NS 1000000000LL
#define SLICE_NS 1000000LL
#define NEVER INT64_MAX
#define PROCESSES 256
#define SLOTS 1024
#define TIMERS 64

/* Properties of a program that the clock cannot follow. */
#define USES_POSIX_TIMER 1u
#define USES_SOCKET_TIMEOUT 2u

/* A thread that waits. The deadline is a virtual time since the start of the computer. */
typedef struct {
  _Atomic uint32_t tid;
  uint32_t pid;
  _Atomic int64_t deadline;
  /* The last question of the run before which this thread looked for events and found none. */
  _Atomic uint32_t answer;
  uint32_t unused;
} Slot;

/* The shared file. time-page.ts has the same offsets. */
typedef struct {
  _Atomic int64_t elapsed_ns;
  /* What to add for the clock with a date. */
  _Atomic int64_t date_offset_ns;
  /* Grows with the end of each wait, and with each new process. */
  _Atomic uint64_t activity;
  _Atomic uint32_t question;
  _Atomic uint32_t flags;
  /* Grows when the program sets the date. */
  _Atomic uint32_t dates_set;
  uint32_t unused;
  _Atomic uint32_t processes[PROCESSES];
  Slot slots[SLOTS];
} Page;

static Page *page;

#define REAL(name) \
  static __typeof__(name) *real_##name; \
  if (real_##name == NULL) real_##name = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)

static void register_process(void) {
  if (page == NULL) return;
  uint32_t pid = (uint32_t)getpid();
  atomic_fetch_add(&page->activity, 1);
  for (int i = 0; i < PROCESSES; i++)
    if (atomic_load(&page->processes[i]) == pid) return;
  for (int i = 0; i < PROCESSES; i++) {
    uint32_t none = 0;
    if (atomic_compare_exchange_strong(&page->processes[i], &none, pid)) return;
  }
}

static void open_page(void) {
  if (page != NULL) return;
  const char *path = getenv("REHEARSAL_CLOCK_FILE");
  if (path == NULL) return;
  int file = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CLOEXEC, 0);
  if (file < 0) return;
  void *mapped = mmap(NULL, sizeof(Page), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  syscall(SYS_close, file);
  if (mapped != MAP_FAILED) page = (Page *)mapped;
}

static void forked(void);

__attribute__((constructor)) static void start(void) {
  open_page();
  register_process();
  pthread_atfork(NULL, NULL, forked);
}

/* ---- clocks ---- */

static int64_t elapsed(void) { return atomic_load(&page->elapsed_ns); }

static int64_t date(void) { return elapsed() + atomic_load(&page->date_offset_ns); }

static struct timespec span(int64_t ns) {
  struct timespec result = {.tv_sec = ns / SECOND_NS, .tv_nsec = ns % SECOND_NS};
  if (result.tv_nsec < 0) {
    result.tv_nsec += SECOND_NS;
    result.tv_sec -= 1;
  }
  return result;
}

static int64_t ns_of(const struct timespec *time) {
  if (time->tv_sec > INT64_MAX / SECOND_NS - 1) return NEVER;
  return (int64_t)time->tv_sec * SECOND_NS + time->tv_nsec;
}

static int shows_date(clockid_t clock) {
  return clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE || clock == CLOCK_TAI || clock == CLOCK_REALTIME_ALARM;
}

static int shows_elapsed(clockid_t clock) {
  return clock == CLOCK_MONOTONIC || clock == CLOCK_MONOTONIC_COARSE || clock == CLOCK_MONOTONIC_RAW || clock == CLOCK_BOOTTIME ||
         clock == CLOCK_BOOTTIME_ALARM;
}

int clock_gettime(clockid_t clock, struct timespec *time) {
  open_page();
  if (page == NULL || (!shows_date(clock) && !shows_elapsed(clock))) return (int)syscall(SYS_clock_gettime, clock, time);
  *time = span(shows_date(clock) ? date() : elapsed());
  return 0;
}

int gettimeofday(struct timeval *restrict time, void *restrict zone) {
  struct timespec now;
  if (zone != NULL) memset(zone, 0, sizeof(struct timezone));
  if (time == NULL) return 0;
  clock_gettime(CLOCK_REALTIME, &now);
  time->tv_sec = now.tv_sec;
  time->tv_usec = now.tv_nsec / 1000;
  return 0;
}

time_t time(time_t *result) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (result != NULL) *result = now.tv_sec;
  return now.tv_sec;
}

int timespec_get(struct timespec *time, int base) {
  if (base != TIME_UTC) return 0;
  clock_gettime(CLOCK_REALTIME, time);
  return base;
}

/* The program sets the clock of its device, never that of the computer. */
int clock_settime(clockid_t clock, const struct timespec *time) {
  if (page == NULL || clock != CLOCK_REALTIME) {
    errno = EPERM;
    return -1;
  }
  atomic_store(&page->date_offset_ns, ns_of(time) - elapsed());
  atomic_fetch_add(&page->dates_set, 1);
  return 0;
}

int settimeofday(const struct timeval *time, const struct timezone *zone) {
  (void)zone;
  if (time == NULL) return 0;
  struct timespec wanted = {.tv_sec = time->tv_sec, .tv_nsec = time->tv_usec * 1000};
  return clock_settime(CLOCK_REALTIME, &wanted);
}

/* ---- waits ---- */

/* A wait of the calling thread: its deadline by one of the clocks, and its slot in the file. */
typedef struct {
  int64_t deadline;
  int is_date;
  Slot *slot;
  uint32_t asked;
} Wait;

static Slot *take_slot(void) {
  uint32_t tid = (uint32_t)syscall(SYS_gettid);
  for (int i = 0; i < SLOTS; i++) {
    Slot *slot = &page->slots[(tid + (uint32_t)i) % SLOTS];
    uint32_t none = 0;
    if (!atomic_compare_exchange_strong(&slot->tid, &none, tid)) continue;
    slot->pid = (uint32_t)getpid();
    return slot;
  }
  return NULL;
}

static Wait begin(int64_t deadline, int is_date) {
  Wait wait = {.deadline = deadline, .is_date = is_date, .slot = take_slot(), .asked = 0};
  if (wait.slot == NULL) return wait;
  atomic_store(&wait.slot->answer, 0);
  atomic_store(&wait.slot->deadline, is_date ? deadline - atomic_load(&page->date_offset_ns) : deadline);
  return wait;
}

static int64_t after(int64_t ns) {
  int64_t now = elapsed();
  return ns > NEVER - now ? NEVER : now + (ns < 0 ? 0 : ns);
}

/* Call before each look for events. Returns 1 if the deadline has passed. */
static int is_due(Wait *wait) {
  int64_t offset = wait->is_date ? atomic_load(&page->date_offset_ns) : 0;
  int64_t deadline = wait->deadline == NEVER ? NEVER : wait->deadline - offset;
  if (wait->slot != NULL) {
    atomic_store(&wait->slot->deadline, deadline);
    wait->asked = atomic_load(&page->question);
  }
  return elapsed() >= deadline;
}

/* Call after a look for events that found none. */
static void found_nothing(Wait *wait) {
  if (wait->slot != NULL) atomic_store(&wait->slot->answer, wait->asked);
}

static void end(Wait *wait) {
  int error = errno;
  atomic_fetch_add(&page->activity, 1);
  if (wait->slot != NULL) {
    atomic_store(&wait->slot->deadline, 0);
    atomic_store(&wait->slot->tid, 0);
  }
  errno = error;
}

static const struct timespec slice = {.tv_sec = 0, .tv_nsec = SLICE_NS};

/* Sleeps until the deadline. Returns 0, or EINTR if a signal came. */
static int sleep_until(Wait wait) {
  int result = 0;
  while (!is_due(&wait)) {
    if (syscall(SYS_clock_nanosleep, CLOCK_MONOTONIC, 0, &slice, NULL) != 0) {
      result = EINTR;
      break;
    }
    found_nothing(&wait);
  }
  end(&wait);
  return result;
}

static int is_valid(const struct timespec *time) { return time->tv_sec >= 0 && time->tv_nsec >= 0 && time->tv_nsec < SECOND_NS; }

int clock_nanosleep(clockid_t clock, int flags, const struct timespec *wanted, struct timespec *left) {
  if (page == NULL || (!shows_date(clock) && !shows_elapsed(clock))) {
    REAL(clock_nanosleep);
    return real_clock_nanosleep(clock, flags, wanted, left);
  }
  if (!is_valid(wanted)) return EINVAL;
  int is_absolute = (flags & TIMER_ABSTIME) != 0;
  int64_t deadline = is_absolute ? ns_of(wanted) : after(ns_of(wanted));
  int result = sleep_until(begin(deadline, is_absolute && shows_date(clock)));
  if (result == EINTR && !is_absolute && left != NULL) {
    int64_t rest = deadline - elapsed();
    *left = span(rest < 0 ? 0 : rest);
  }
  return result;
}

int nanosleep(const struct timespec *wanted, struct timespec *left) {
  int result = clock_nanosleep(CLOCK_MONOTONIC, 0, wanted, left);
  if (result == 0) return 0;
  errno = result;
  return -1;
}

unsigned int sleep(unsigned int seconds) {
  struct timespec wanted = {.tv_sec = seconds}, left = {0};
  if (nanosleep(&wanted, &left) == 0) return 0;
  return (unsigned int)left.tv_sec + (left.tv_nsec > 0 ? 1 : 0);
}

int usleep(useconds_t microseconds) {
  struct timespec wanted = span((int64_t)microseconds * 1000);
  return nanosleep(&wanted, NULL);
}

int thrd_sleep(const struct timespec *wanted, struct timespec *left) { return nanosleep(wanted, left) == 0 ? 0 : -1; }

/* Waits for events with `look`, which takes a time limit. `limit_ns` is below 0 for no limit. */
#define WAIT_FOR_EVENTS(limit_ns, look) \
  Wait wait = begin(after(limit_ns), 0); \
  int result; \
  for (;;) { \
    int due = is_due(&wait); \
    const struct timespec *limit = due ? &(struct timespec){0} : &slice; \
    result = (look); \
    if (result != 0 || due) break; \
    found_nothing(&wait); \
  } \
  end(&wait); \
  return result

static int poll_for(struct pollfd *list, nfds_t count, const struct timespec *limit, const sigset_t *mask) {
  struct timespec own = *limit;
  return (int)syscall(SYS_ppoll, list, count, &own, mask, _NSIG / 8);
}

int ppoll(struct pollfd *list, nfds_t count, const struct timespec *limit_of_caller, const sigset_t *mask) {
  REAL(ppoll);
  if (page == NULL || limit_of_caller == NULL || ns_of(limit_of_caller) == 0)
    return real_ppoll(list, count, limit_of_caller, mask);
  WAIT_FOR_EVENTS(ns_of(limit_of_caller), poll_for(list, count, limit, mask));
}

int poll(struct pollfd *list, nfds_t count, int milliseconds) {
  REAL(poll);
  if (page == NULL || milliseconds <= 0) return real_poll(list, count, milliseconds);
  WAIT_FOR_EVENTS((int64_t)milliseconds * 1000000, poll_for(list, count, limit, NULL));
}

int __poll_chk(struct pollfd *list, nfds_t count, int milliseconds, size_t size) {
  (void)size;
  return poll(list, count, milliseconds);
}

int __ppoll_chk(struct pollfd *list, nfds_t count, const struct timespec *limit, const sigset_t *mask, size_t size) {
  (void)size;
  return ppoll(list, count, limit, mask);
}

typedef struct {
  fd_set *sets[3];
  fd_set wanted[3];
} Sets;

static Sets sets_of(fd_set *reads, fd_set *writes, fd_set *errors) {
  Sets all = {.sets = {reads, writes, errors}};
  for (int i = 0; i < 3; i++)
    if (all.sets[i] != NULL) all.wanted[i] = *all.sets[i];
  return all;
}

static int select_for(int count, Sets *all, const struct timespec *limit, const sigset_t *mask) {
  REAL(pselect);
  for (int i = 0; i < 3; i++)
    if (all->sets[i] != NULL) *all->sets[i] = all->wanted[i];
  return real_pselect(count, all->sets[0], all->sets[1], all->sets[2], limit, mask);
}

int pselect(int count, fd_set *reads, fd_set *writes, fd_set *errors, const struct timespec *limit_of_caller, const sigset_t *mask) {
  REAL(pselect);
  /* A set of more than FD_SETSIZE descriptors has no known size, so it cannot be copied. */
  if (page == NULL || limit_of_caller == NULL || ns_of(limit_of_caller) == 0 || count > FD_SETSIZE)
    return real_pselect(count, reads, writes, errors, limit_of_caller, mask);
  Sets all = sets_of(reads, writes, errors);
  WAIT_FOR_EVENTS(ns_of(limit_of_caller), select_for(count, &all, limit, mask));
}

int select(int count, fd_set *reads, fd_set *writes, fd_set *errors, struct timeval *limit_of_caller) {
  if (limit_of_caller == NULL) return pselect(count, reads, writes, errors, NULL, NULL);
  int64_t limit_ns = (int64_t)limit_of_caller->tv_sec * SECOND_NS + (int64_t)limit_of_caller->tv_usec * 1000;
  struct timespec limit = span(limit_ns);
  int64_t began = page == NULL ? 0 : elapsed();
  int result = pselect(count, reads, writes, errors, &limit, NULL);
  /* Linux stores the rest of the limit. */
  int64_t left = page == NULL ? 0 : limit_ns - (elapsed() - began);
  struct timespec rest = span(left < 0 ? 0 : left);
  limit_of_caller->tv_sec = rest.tv_sec;
  limit_of_caller->tv_usec = rest.tv_nsec / 1000;
  return result;
}

int epoll_pwait(int queue, struct epoll_event *events, int count, int milliseconds, const sigset_t *mask) {
  REAL(epoll_pwait);
  if (page == NULL || milliseconds <= 0) return real_epoll_pwait(queue, events, count, milliseconds, mask);
  WAIT_FOR_EVENTS((int64_t)milliseconds * 1000000,
                  real_epoll_pwait(queue, events, count, limit->tv_nsec == 0 ? 0 : 1, mask));
}

int epoll_wait(int queue, struct epoll_event *events, int count, int milliseconds) {
  return epoll_pwait(queue, events, count, milliseconds, NULL);
}

int epoll_pwait2(int queue, struct epoll_event *events, int count, const struct timespec *limit_of_caller, const sigset_t *mask) {
  if (page == NULL || limit_of_caller == NULL || ns_of(limit_of_caller) == 0)
    return epoll_pwait(queue, events, count, limit_of_caller == NULL ? -1 : 0, mask);
  REAL(epoll_pwait);
  WAIT_FOR_EVENTS(ns_of(limit_of_caller), real_epoll_pwait(queue, events, count, limit->tv_nsec == 0 ? 0 : 1, mask));
}

/* ---- waits of threads for each other ---- */

static struct timespec next_slice(void) {
  struct timespec now;
  syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &now);
  return span(ns_of(&now) + SLICE_NS);
}

/*
 * Counts the signals of condition variables, by address. A thread that is between two slices of its wait does not get a signal, and sees
 * it by this count.
 */
static _Atomic uint32_t signals[4096];

static _Atomic uint32_t *signals_of(const void *condition) { return &signals[((uintptr_t)condition >> 4) % 4096]; }

int pthread_cond_signal(pthread_cond_t *condition) {
  REAL(pthread_cond_signal);
  atomic_fetch_add(signals_of(condition), 1);
  return real_pthread_cond_signal(condition);
}

int pthread_cond_broadcast(pthread_cond_t *condition) {
  REAL(pthread_cond_broadcast);
  atomic_fetch_add(signals_of(condition), 1);
  return real_pthread_cond_broadcast(condition);
}

static int wait_for_condition(pthread_cond_t *condition, pthread_mutex_t *mutex, Wait wait) {
  REAL(pthread_cond_clockwait);
  uint32_t before = atomic_load(signals_of(condition));
  int result;
  for (;;) {
    int due = is_due(&wait);
    struct timespec until = next_slice();
    result = real_pthread_cond_clockwait(condition, mutex, CLOCK_MONOTONIC, &until);
    if (result != ETIMEDOUT) break;
    if (atomic_load(signals_of(condition)) != before) {
      result = 0;
      break;
    }
    if (due) break;
    found_nothing(&wait);
  }
  end(&wait);
  return result;
}

int pthread_cond_clockwait(pthread_cond_t *condition, pthread_mutex_t *mutex, clockid_t clock, const struct timespec *until) {
  REAL(pthread_cond_clockwait);
  if (page == NULL) return real_pthread_cond_clockwait(condition, mutex, clock, until);
  return wait_for_condition(condition, mutex, begin(ns_of(until), shows_date(clock)));
}

int pthread_cond_timedwait(pthread_cond_t *restrict condition, pthread_mutex_t *restrict mutex, const struct timespec *restrict until) {
  if (page == NULL) {
    REAL(pthread_cond_timedwait);
    return real_pthread_cond_timedwait(condition, mutex, until);
  }
  /* The attributes of the variable name its clock. They cannot be read, and the two clocks are far apart. */
  int64_t deadline = ns_of(until);
  int64_t from_date = deadline - date(), from_elapsed = deadline - elapsed();
  int is_date = (from_date < 0 ? -from_date : from_date) < (from_elapsed < 0 ? -from_elapsed : from_elapsed);
  return wait_for_condition(condition, mutex, begin(deadline, is_date));
}

int sem_clockwait(sem_t *semaphore, clockid_t clock, const struct timespec *until) {
  REAL(sem_clockwait);
  if (page == NULL) return real_sem_clockwait(semaphore, clock, until);
  Wait wait = begin(ns_of(until), shows_date(clock));
  int result;
  for (;;) {
    int due = is_due(&wait);
    struct timespec next = next_slice();
    result = real_sem_clockwait(semaphore, CLOCK_MONOTONIC, &next);
    if (result == 0 || errno != ETIMEDOUT || due) break;
    found_nothing(&wait);
  }
  end(&wait);
  return result;
}

int sem_timedwait(sem_t *restrict semaphore, const struct timespec *restrict until) {
  return sem_clockwait(semaphore, CLOCK_REALTIME, until);
}

/* ---- timers ---- */

/* A timer of the program: a timerfd, or the alarm of the process (descriptor -1). */
typedef struct {
  int is_set;
  int descriptor;
  int64_t deadline;
  int64_t interval;
} Timer;

static Timer timers[TIMERS];
static pthread_mutex_t timer_lock = PTHREAD_MUTEX_INITIALIZER;
static int has_ticker;

static void ring(Timer *timer) {
  if (timer->interval > 0) timer->deadline = after(timer->interval);
  else timer->is_set = 0;
  if (timer->descriptor < 0) {
    kill(getpid(), SIGALRM);
    return;
  }
  struct itimerspec at_once = {.it_value = {.tv_nsec = 1}};
  syscall(SYS_timerfd_settime, timer->descriptor, 0, &at_once, NULL);
}

/* A thread that waits for the timers of its process. */
static void *tick(void *unused) {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, NULL);
  Wait wait = begin(NEVER, 0);
  for (;;) {
    pthread_mutex_lock(&timer_lock);
    int64_t next = NEVER;
    for (int i = 0; i < TIMERS; i++) {
      if (timers[i].is_set && timers[i].deadline <= elapsed()) {
        atomic_fetch_add(&page->activity, 1);
        ring(&timers[i]);
      }
      if (timers[i].is_set && timers[i].deadline < next) next = timers[i].deadline;
    }
    wait.deadline = next;
    (void)is_due(&wait);
    pthread_mutex_unlock(&timer_lock);
    syscall(SYS_clock_nanosleep, CLOCK_MONOTONIC, 0, &slice, NULL);
    found_nothing(&wait);
  }
  return unused;
}

static void forked(void) {
  has_ticker = 0;
  for (int i = 0; i < TIMERS; i++)
    if (timers[i].descriptor < 0) timers[i].is_set = 0;
  register_process();
}

/* Sets or clears a timer. Stores the rest of its former time in `left`, if the caller wants it. */
static void set_timer(int descriptor, int64_t deadline, int64_t interval, int64_t *left) {
  pthread_mutex_lock(&timer_lock);
  Timer *chosen = NULL;
  for (int i = 0; i < TIMERS && chosen == NULL; i++)
    if (timers[i].is_set && timers[i].descriptor == descriptor) chosen = &timers[i];
  if (left != NULL) *left = chosen == NULL ? 0 : chosen->deadline - elapsed();
  for (int i = 0; i < TIMERS && chosen == NULL; i++)
    if (!timers[i].is_set) chosen = &timers[i];
  if (chosen != NULL) *chosen = (Timer){.is_set = deadline != NEVER, .descriptor = descriptor, .deadline = deadline, .interval = interval};
  int needs_ticker = !has_ticker && deadline != NEVER;
  if (needs_ticker) has_ticker = 1;
  pthread_mutex_unlock(&timer_lock);
  pthread_t ticker;
  if (needs_ticker && pthread_create(&ticker, NULL, tick, NULL) == 0) pthread_detach(ticker);
}

unsigned int alarm(unsigned int seconds) {
  REAL(alarm);
  if (page == NULL) return real_alarm(seconds);
  int64_t left;
  set_timer(-1, seconds == 0 ? NEVER : after(seconds * SECOND_NS), 0, &left);
  return (unsigned int)((left + SECOND_NS - 1) / SECOND_NS);
}

int setitimer(__itimer_which_t which, const struct itimerval *restrict wanted, struct itimerval *restrict former) {
  REAL(setitimer);
  if (page == NULL || which != ITIMER_REAL || wanted == NULL) return real_setitimer(which, wanted, former);
  int64_t first = (int64_t)wanted->it_value.tv_sec * SECOND_NS + (int64_t)wanted->it_value.tv_usec * 1000;
  int64_t interval = (int64_t)wanted->it_interval.tv_sec * SECOND_NS + (int64_t)wanted->it_interval.tv_usec * 1000;
  int64_t left;
  set_timer(-1, first == 0 ? NEVER : after(first), interval, &left);
  if (former != NULL) {
    memset(former, 0, sizeof *former);
    former->it_value.tv_sec = left / SECOND_NS;
    former->it_value.tv_usec = left % SECOND_NS / 1000;
  }
  return 0;
}

int timerfd_settime(int descriptor, int flags, const struct itimerspec *wanted, struct itimerspec *former) {
  if (page == NULL) return (int)syscall(SYS_timerfd_settime, descriptor, flags, wanted, former);
  struct itimerspec none = {0};
  /* The kernel reports a descriptor that is no timer, and forgets an expiry that was not read. */
  if (syscall(SYS_timerfd_settime, descriptor, 0, &none, NULL) != 0) return -1;
  int64_t first = ns_of(&wanted->it_value), interval = ns_of(&wanted->it_interval), left;
  int64_t deadline = first == 0 ? NEVER : after(first);
  /* An absolute time is a date if it is nearer to the date than to the time since the start. */
  if (first != 0 && (flags & TFD_TIMER_ABSTIME) != 0) deadline = llabs(first - date()) < llabs(first - elapsed()) ? first - atomic_load(&page->date_offset_ns) : first;
  set_timer(descriptor, deadline, interval, &left);
  if (former != NULL) *former = (struct itimerspec){.it_value = span(left < 0 ? 0 : left)};
  return 0;
}

int timer_create(clockid_t clock, struct sigevent *event, timer_t *timer) {
  REAL(timer_create);
  if (page != NULL && (shows_date(clock) || shows_elapsed(clock))) atomic_fetch_or(&page->flags, USES_POSIX_TIMER);
  return real_timer_create(clock, event, timer);
}

int setsockopt(int socket, int level, int name, const void *value, socklen_t length) {
  REAL(setsockopt);
  if (page != NULL && level == SOL_SOCKET && (name == SO_RCVTIMEO || name == SO_SNDTIMEO)) {
    const struct timeval *limit = value;
    if (length >= sizeof *limit && (limit->tv_sec != 0 || limit->tv_usec != 0)) atomic_fetch_or(&page->flags, USES_SOCKET_TIMEOUT);
  }
  return real_setsockopt(socket, level, name, value, length);
}
