// SPDX-License-Identifier: Apache-2.0
#include "proto/transport/certificate_files.h"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <sys/stat.h>

#include <cstdio>
#include <fstream>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/testing/certificate_authority.h"
#include "tests/testing/temp_dir.h"

namespace kansoku {
namespace {

using testing::CertificateAuthority;
using testing::WriteInOneStep;

const absl::Time kNow = absl::FromUnixSeconds(1'730'419'200);

class CertificateFilesTest : public ::testing::Test {
 protected:
  void ExpectRefused(const std::string& path, const std::string& complaint) {
    const absl::Status status = CheckCertificateFiles(tls_, kNow);
    EXPECT_FALSE(status.ok());
    EXPECT_NE(status.message().find(path), absl::string_view::npos) << status;
    EXPECT_NE(status.message().find(complaint), absl::string_view::npos) << status;
  }

  testing::TempDir folder_;
  CertificateAuthority authority_{"test authority"};
  v1::TlsConfig tls_ = authority_.Issue(folder_.path(), "peer", {});
};

TEST_F(CertificateFilesTest, GoodFilesAreAccepted) {
  EXPECT_TRUE(CheckCertificateFiles(tls_, kNow).ok()) << CheckCertificateFiles(tls_, kNow);
}

TEST_F(CertificateFilesTest, TheFirstOfAChainToEndSaysWhenAFileDoes) {
  const auto path_until = [&](const char* name, int64_t unix_seconds) {
    return authority_
        .Issue(folder_.path(), name,
               {.alternative_names = {}, .not_after = absl::FromUnixSeconds(unix_seconds)})
        .certificate_path();
  };
  const std::string early = path_until("early", 1'900'000'000);
  const std::string late = path_until("late", 2'000'000'000);
  EXPECT_EQ(CertificateExpiry(late).value(), absl::FromUnixSeconds(2'000'000'000));
  std::ofstream(late, std::ios::app) << std::ifstream(early).rdbuf();
  EXPECT_EQ(CertificateExpiry(late).value(), absl::FromUnixSeconds(1'900'000'000));
  EXPECT_EQ(CertificateExpiry(folder_.File("none")).status().code(), absl::StatusCode::kNotFound);
}

TEST_F(CertificateFilesTest, MissingFilesAreNamedWithTheirKey) {
  std::remove(tls_.authorities_path().c_str());
  ExpectRefused(tls_.authorities_path(), "tls.authorities_path: ");
  std::remove(tls_.key_path().c_str());
  ExpectRefused(tls_.key_path(), "No such file or directory; correct the path");
  std::remove(tls_.certificate_path().c_str());
  ExpectRefused(tls_.certificate_path(), "tls.certificate_path: ");
}

TEST_F(CertificateFilesTest, AFolderIsNoFile) {
  tls_.set_certificate_path(folder_.path());
  ExpectRefused(folder_.path(), "Is a directory");
}

TEST_F(CertificateFilesTest, WhatIsNotPemIsRefused) {
  WriteInOneStep(tls_.authorities_path(), "not a certificate\n");
  ExpectRefused(tls_.authorities_path(), "is not a certificate in PEM");
  WriteInOneStep(tls_.key_path(), authority_.certificate_pem());
  ExpectRefused(tls_.key_path(), "is not a private key in PEM");
  WriteInOneStep(tls_.certificate_path(), "");
  ExpectRefused(tls_.certificate_path(), "is not a certificate in PEM");
}

TEST_F(CertificateFilesTest, ADamagedSecondCertificateIsNotPassedOver) {
  std::string damaged = authority_.certificate_pem();
  damaged.replace(damaged.size() / 2, 4, "\n!!\n");
  WriteInOneStep(tls_.authorities_path(), authority_.certificate_pem() + damaged);
  ExpectRefused(tls_.authorities_path(), "or is damaged");
}

TEST_F(CertificateFilesTest, AnExpiredCertificateIsRefused) {
  tls_ = authority_.Issue(folder_.path(), "peer", {.not_after = kNow});
  ExpectRefused(tls_.certificate_path(), "has expired; make a new one");
}

TEST_F(CertificateFilesTest, ACertificateOfTheFutureIsRefused) {
  tls_ = authority_.Issue(folder_.path(), "peer", {.not_before = kNow + absl::Seconds(1)});
  ExpectRefused(tls_.certificate_path(), "is not valid yet");
}

TEST_F(CertificateFilesTest, AKeyThatOthersMayReadIsRefused) {
  ASSERT_EQ(chmod(tls_.key_path().c_str(), 0644), 0);
  ExpectRefused(tls_.key_path(), absl::StrCat("run: chmod 600 ", tls_.key_path()));
  ASSERT_EQ(chmod(tls_.key_path().c_str(), 0640), 0);
  EXPECT_TRUE(CheckCertificateFiles(tls_, kNow).ok());
}

TEST_F(CertificateFilesTest, AKeyOfAnotherCertificateIsRefused) {
  tls_.set_key_path(authority_.Issue(folder_.path(), "another", {}).key_path());
  ExpectRefused(tls_.key_path(), absl::StrCat("is not the key of ", tls_.certificate_path()));
}

TEST_F(CertificateFilesTest, AKeyWithAPassphraseIsRefusedAndNobodyIsAsked) {
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(EVP_EC_gen("P-256"), EVP_PKEY_free);
  const std::unique_ptr<FILE, decltype(&std::fclose)> file(std::fopen(tls_.key_path().c_str(), "w"),
                                                           std::fclose);
  std::string passphrase = "secret";
  ASSERT_EQ(PEM_write_PrivateKey(file.get(), key.get(), EVP_aes_128_cbc(),
                                 reinterpret_cast<unsigned char*>(passphrase.data()),
                                 static_cast<int>(passphrase.size()), nullptr, nullptr),
            1);
  ASSERT_EQ(std::fflush(file.get()), 0);
  ExpectRefused(tls_.key_path(), "without a passphrase");
}

TEST_F(CertificateFilesTest, OneValidAuthorityIsEnough) {
  const v1::TlsConfig expired = authority_.Issue(folder_.path(), "expired", {.not_after = kNow});
  tls_.set_authorities_path(expired.certificate_path());
  ExpectRefused(tls_.authorities_path(), "has expired; give the authority's present certificate");
  tls_.set_authorities_path(folder_.File("both"));
  std::string both;
  for (const std::string& path : {expired.certificate_path(), expired.authorities_path()}) {
    std::unique_ptr<FILE, decltype(&std::fclose)> file(std::fopen(path.c_str(), "r"), std::fclose);
    for (int c = std::fgetc(file.get()); c != EOF; c = std::fgetc(file.get()))
      both.push_back(static_cast<char>(c));
  }
  WriteInOneStep(tls_.authorities_path(), both);
  EXPECT_TRUE(CheckCertificateFiles(tls_, kNow).ok()) << CheckCertificateFiles(tls_, kNow);
}

}  // namespace
}  // namespace kansoku
