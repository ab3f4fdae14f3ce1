// SPDX-License-Identifier: GPL-2.0-or-later
#include "modes.h"

#include <poll.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <mutex>
#include <thread>
#include <vector>

#include "check.h"

namespace initiator {
namespace {

Options renamed(const Options& options, unsigned number) {
  Options out = options;
  out.initiator += "-" + std::to_string(number);
  return out;
}

void say(const char* what, unsigned long count) {
  std::printf("%s %lu\n", what, count);
  std::fflush(stdout);
}

void stall_in_header(Session& session, std::size_t bytes) {
  Bytes wire =
      session.login_pdu(kSecurity, kOperational, 0, session.identity()).encode(false, false);
  wire.resize(bytes);
  session.connection.send_bytes(wire);
}

void stall_in_login(Session& session, unsigned step) {
  if (!session.chap) {
    Keys keys = session.identity();
    for (unsigned i = 3; i <= step; i++) {
      session.login_ok(kOperational, kFullFeature, 0, keys);
      keys = {};
    }
    return;
  }
  Keys keys = session.identity();
  keys.emplace_back("AuthMethod", "CHAP");
  if (step == 3) {
    session.login_ok(kSecurity, kOperational, 0, keys);
    return;
  }
  const Keys challenge = session.chap_start();
  if (step == 5)
    session.login_ok(kSecurity, kOperational, kTransit, session.chap_answer(challenge));
}

void stall(Session& session, unsigned step) {
  if (step == 1) stall_in_header(session, 20);
  if (step == 2) stall_in_header(session, kBhsSize);
  if (step >= 3) stall_in_login(session, step);
}

// Each session works on blocks of its own.
struct Worker {
  const Options options;
  const unsigned number;
  std::atomic<unsigned long>* moved;
  std::atomic<unsigned>* admitted;
  std::atomic<unsigned>* corrupted;

  void run(std::chrono::steady_clock::time_point end) const {
    try {
      Session session(renamed(options, number));
      session.login();
      session.clear_attention();
      (*admitted)++;
      exchange(session, end);
    } catch (const Failure&) {
      return;
    }
  }

  void exchange(Session& session, std::chrono::steady_clock::time_point end) const {
    const std::uint32_t lba = 40000 + number * 64;
    for (unsigned round = 0; std::chrono::steady_clock::now() < end; round++) {
      Command write = write10(lba, pattern(64 * kBlock, static_cast<std::uint8_t>(round + number)));
      if (round % 2 == 0) write.immediate_data = 0;
      if (session.run(write).status != kGood) return;
      const Outcome outcome = session.run(read10(lba, 64));
      if (outcome.status != kGood) return;
      if (outcome.data != write.write) (*corrupted)++;
      *moved += 2;
    }
  }
};

}  // namespace

bool input_ended(Milliseconds wait) {
  pollfd in{STDIN_FILENO, POLLIN, 0};
  if (poll(&in, 1, static_cast<int>(wait.count())) <= 0) return false;
  char sink[256];
  return read(STDIN_FILENO, sink, sizeof(sink)) <= 0;
}

int hold_sessions(const Options& options, unsigned count) {
  std::vector<Session> sessions;
  for (unsigned i = 0; i < count; i++) {
    sessions.emplace_back(renamed(options, i)).login();
  }
  say("holding", count);
  while (!input_ended(Milliseconds(500))) {
    for (Session& session : sessions) {
      while (session.connection.try_receive(Milliseconds(0))) session.ping("");
    }
  }
  return 0;
}

int hold_stalled(const Options& options, unsigned count, unsigned step) {
  check(step < kStallSteps, "the steps are 0 to " + std::to_string(kStallSteps - 1));
  std::vector<Session> stalled;
  for (unsigned i = 0; i < count; i++) stall(stalled.emplace_back(renamed(options, i)), step);
  say("stalled", count);
  while (!input_ended(Milliseconds(500))) continue;
  return 0;
}

int timed_login(const Options& options, unsigned limit_ms) {
  const auto start = std::chrono::steady_clock::now();
  Session session(options);
  session.login();
  const auto took = std::chrono::steady_clock::now() - start;
  session.clear_attention();
  session.logout();
  const auto ms = std::chrono::duration_cast<Milliseconds>(took).count();
  std::printf("login took %lld ms\n", static_cast<long long>(ms));
  return limit_ms != 0 && ms > static_cast<long long>(limit_ms) ? 1 : 0;
}

int load(const Options& options, unsigned sessions, unsigned seconds) {
  std::atomic<unsigned long> moved{0};
  std::atomic<unsigned> admitted{0};
  std::atomic<unsigned> corrupted{0};
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
  std::vector<std::thread> threads;
  for (unsigned i = 0; i < sessions; i++) {
    threads.emplace_back([&, i] { Worker{options, i, &moved, &admitted, &corrupted}.run(end); });
  }
  // Whoever waits for the load to run reads this line.
  while (admitted < sessions && std::chrono::steady_clock::now() < end) {
    std::this_thread::sleep_for(Milliseconds(20));
  }
  say("running", admitted);
  for (std::thread& thread : threads) thread.join();
  say("moved", moved);
  if (corrupted > 0) say("WRONG DATA in", corrupted);
  return admitted == 0 || corrupted > 0 ? 1 : 0;
}

}  // namespace initiator
