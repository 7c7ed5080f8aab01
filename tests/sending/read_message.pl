# Prints what MIME-tools reads of a message on standard input, as JSON: headers, and each part's type, id and content.
use strict;
use warnings;
use JSON::PP;
use MIME::Base64 qw(encode_base64);
use MIME::Parser;
use MIME::Words qw(decode_mimewords);

my $parser = MIME::Parser->new;
$parser->output_to_core(1);
$parser->tmp_to_core(1);
binmode STDIN;
my $message = $parser->parse(\*STDIN);

sub parts {
    my ($entity) = @_;
    return [map { parts($_) } $entity->parts] if $entity->is_multipart;
    my $id = $entity->head->get('Content-ID') // '';
    chomp $id;
    return { type => $entity->effective_type, id => $id, content => encode_base64($entity->bodyhandle->as_string, '') };
}

my %headers;
for my $name ($message->head->tags) {
    # Unfolded, as a reader of the header gets it.
    my $value = $message->head->get($name);
    $value =~ s/\r?\n(?=[ \t])//g;
    $value =~ s/\r?\n\z//;
    $headers{$name} = join '', map { $_->[0] } decode_mimewords($value);
}
print JSON::PP->new->latin1->encode({ headers => \%headers, parts => parts($message), errors => [$parser->results->errors] });
